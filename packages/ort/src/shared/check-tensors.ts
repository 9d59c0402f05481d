import type { ElementType, Tensor, TensorSlot, Tensors } from '@rotokit/core/ports';

const ARRAYS: Readonly<Record<ElementType, abstract new (...a: never[]) => ArrayBufferView>> = {
  float32: Float32Array,
  float16: Uint16Array,
  int64: BigInt64Array,
  int32: Int32Array,
  uint8: Uint8Array,
  bool: Uint8Array,
};

const shown = (shape: readonly (number | string)[]) => `[${shape.map((d) => (d === '' ? '?' : d)).join(', ')}]`;

const listed = (names: readonly string[]) => (names.length ? names.join(', ') : 'none');

/**
 * Compares the inputs of a run with what the graph declares. One symbol stands for one size in all inputs.
 * @throws TypeError for a missing or unknown input, a wrong type or array. @throws RangeError for a wrong shape or length.
 */
export function checkInputs(slots: readonly TensorSlot[], inputs: Tensors): void {
  const known = slots.map((s) => s.name);
  for (const name of Object.keys(inputs))
    if (!known.includes(name))
      throw new TypeError(`inputs.${name} is no input of the network; it has: ${listed(known)}`);
  const sizes = new Map<string, number>();
  for (const slot of slots) {
    const tensor = inputs[slot.name];
    if (!tensor)
      throw new TypeError(`inputs.${slot.name} is missing; the network expects ${slot.type} ${shown(slot.shape)}`);
    checkInput(slot, tensor, sizes);
  }
}

function checkInput(slot: TensorSlot, { type, shape, data }: Tensor, sizes: Map<string, number>): void {
  const path = `inputs.${slot.name}`;
  if (type !== slot.type) throw new TypeError(`${path} must be ${slot.type}, is ${type}`);
  if (!(data instanceof ARRAYS[type])) throw new TypeError(`${path}.data must be a ${ARRAYS[type].name} for ${type}`);
  const length = shape.reduce((n, d) => n * d, 1);
  if (shape.some((d) => !Number.isInteger(d) || d < 0) || data.length !== length)
    throw new RangeError(`${path}: the shape ${shown(shape)} does not describe ${data.length} elements`);
  const fits =
    slot.shape.length === shape.length && slot.shape.every((want, i) => fitsDimension(want, shape[i]!, sizes));
  if (fits) return;
  const fixed = [...sizes].map(([symbol, size]) => `${symbol} = ${size}`).join(', ');
  throw new RangeError(
    `${path} must have the shape ${shown(slot.shape)}${fixed ? ` (${fixed})` : ''}, has ${shown(shape)}`,
  );
}

function fitsDimension(want: number | string, size: number, sizes: Map<string, number>): boolean {
  if (typeof want === 'number') return want === size;
  if (want === '') return true;
  if (!sizes.has(want)) sizes.set(want, size);
  return sizes.get(want) === size;
}

/** The outputs to hand over: those named, or all. @throws TypeError for a name that the network does not have. */
export function checkWanted(slots: readonly TensorSlot[], wanted: readonly string[] | undefined): readonly string[] {
  const known = slots.map((s) => s.name);
  for (const name of wanted ?? [])
    if (!known.includes(name))
      throw new TypeError(`wanted: ${name} is no output of the network; it has: ${listed(known)}`);
  return wanted ?? known;
}
