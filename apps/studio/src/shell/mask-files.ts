import { maskFromBytes, type SoftMask } from '@rotokit/core/values';
import { giveMask } from '../model/edits.js';
import { studio, tellFailure } from '../model/studio-state.js';

/** Asks for a picture and makes it the mask of the selected object on the frame that is shown. */
export function chooseMaskFile(): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = 'image/png';
  input.onchange = () => take(input.files);
  input.click();
}

/** Takes pictures that are pasted or dropped on the page as masks. Returns what ends it. */
export function listenToMasks(): () => void {
  const paste = (e: ClipboardEvent) => {
    if (!(e.target as Element).closest?.('input, textarea')) take(e.clipboardData?.files);
  };
  const over = (e: DragEvent) => e.dataTransfer?.types.includes('Files') && e.preventDefault();
  const drop = (e: DragEvent) => {
    if (!e.dataTransfer?.types.includes('Files')) return;
    e.preventDefault();
    take(e.dataTransfer.files);
  };
  window.addEventListener('paste', paste);
  window.addEventListener('dragover', over);
  window.addEventListener('drop', drop);
  return () => {
    window.removeEventListener('paste', paste);
    window.removeEventListener('dragover', over);
    window.removeEventListener('drop', drop);
  };
}

function take(files: FileList | null | undefined): void {
  const file = files?.[0];
  if (!file || !studio.get().project) return;
  if (file.type === 'image/png') void maskIn(file).then(giveMask, tellFailure);
  else
    tellFailure(new Error(`A mask must be a PNG of the size of the clip; this is ${file.type || 'of no known kind'}.`));
}

/** Where a PNG tells its bit depth and its kind of colour, and the kind that has alpha. */
const [DEPTH_AT, COLOUR_AT, RGBA] = [24, 25, 6];

/**
 * The mask that a PNG holds. A picture from the clipboard has alpha whether it means it or not: where all of it is opaque, the mask is in its
 * brightness. Everything else is the server's to read, which keeps 16 bits.
 */
async function maskIn(file: Blob): Promise<SoftMask | Blob> {
  const header = new Uint8Array(await file.slice(0, 32).arrayBuffer());
  if (header[COLOUR_AT] !== RGBA || header[DEPTH_AT] !== 8) return file;
  const picture = await createImageBitmap(file, { premultiplyAlpha: 'none', colorSpaceConversion: 'none' });
  const { width, height } = picture;
  const drawn = new OffscreenCanvas(width, height).getContext('2d') as OffscreenCanvasRenderingContext2D;
  drawn.drawImage(picture, 0, 0);
  const { data } = drawn.getImageData(0, 0, width, height);
  const bytes = new Uint8Array(width * height);
  for (let k = 0; k < bytes.length; k++) {
    if (data[4 * k + 3] !== 255) return file;
    const [r, g, b] = [data[4 * k] as number, data[4 * k + 1] as number, data[4 * k + 2] as number];
    bytes[k] = Math.round(0.2126 * r + 0.7152 * g + 0.0722 * b);
  }
  return maskFromBytes({ width, height }, bytes);
}
