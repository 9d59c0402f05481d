import { RotokitError } from '@rotokit/core/values';

/** How files of an export are called. */
export interface Naming {
  /**
   * Path of a picture below the export's folder, for all picture sequences: `{shot}`, `{object}` (`matte` or `crypto` where all objects are in
   * one file), `{version}` (v003), `{frame}`, `{format}` and `{ext}`, everything else as it is. Each format has its own where this is left out.
   */
  readonly template?: string;
  /** Version of the delivery, shown as v001. Names have none where it is left out. */
  readonly version?: number;
  /** Fewest digits of a frame number. */
  readonly padding: number;
  /** Number that the first frame of the export gets in file names; its own number where left out. */
  readonly start?: number;
}

/** What a path is made of. */
export interface NameParts {
  readonly shot: string;
  readonly object: string;
  readonly format: string;
  readonly ext: string;
  /** The frame's number as files show it. */
  readonly frame?: number;
}

/** `1001`, `0007`, `-0012`: as many digits as wanted at least, a minus in front of negative numbers. */
export const paddedFrame = (frame: number, padding: number): string =>
  `${frame < 0 ? '-' : ''}${String(Math.abs(frame)).padStart(padding, '0')}`;

const FIELDS = ['shot', 'object', 'version', '_version', 'frame', 'format', 'ext'] as const;

/**
 * A path from a template. `{_version}` is the version with a line in front, or nothing where there is none.
 * @throws RotokitError EXPORT_REFUSED for a field that does not exist or has no value here.
 */
export function namePath(template: string, parts: NameParts, naming: Naming): string {
  const version = naming.version === undefined ? undefined : `v${String(naming.version).padStart(3, '0')}`;
  const values: Readonly<Record<string, string | undefined>> = {
    ...parts,
    version,
    _version: version === undefined ? '' : `_${version}`,
    frame: parts.frame === undefined ? undefined : paddedFrame(parts.frame, naming.padding),
  };
  return template.replace(/\{([^{}]*)\}/g, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return value ?? refuse(template, missing(name), `Its fields are {${FIELDS.join('}, {')}}.`);
  });
}

const missing = (name: string) =>
  name === 'version' ? 'it asks for a version and there is none (--file-version)' : `there is no {${name}} here`;

const refuse = (name: string, reason: string, remedy: string): never => {
  throw new RotokitError('EXPORT_REFUSED', { what: `the name ${name}`, reason, remedy });
};

/** Names that Windows keeps for devices, with or without an extension. */
const DEVICES = /^(con|prn|aux|nul|com[1-9]|lpt[1-9])(\.|$)/i;
const LONGEST = 255;

/**
 * Checks every path of an export before anything is written: letters, digits, `.`, `_`, `-` only (what Netflix's plate naming allows), no hidden,
 * empty, device or overlong part, nothing outside of the folder, and no two files with one name, also where capitals do not count.
 * @throws RotokitError EXPORT_REFUSED.
 */
export function checkNames(paths: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const path of paths) {
    for (const part of path.split('/')) checkPart(path, part);
    const known = seen.get(path.toLowerCase());
    if (known !== undefined)
      refuse(
        path,
        `another file of this export is called ${known}`,
        'Put {object}, {frame}, {format} or {ext} into the template.',
      );
    seen.set(path.toLowerCase(), path);
  }
}

function checkPart(path: string, part: string): void {
  const remedy = 'Use letters, digits, ".", "_" and "-"; folders are separated by "/".';
  const illegal = /[^A-Za-z0-9._-]/.exec(part)?.[0];
  if (illegal !== undefined) refuse(path, `it has the character ${JSON.stringify(illegal)}`, remedy);
  if (part === '' || part.startsWith('.') || part.endsWith('.'))
    refuse(path, 'a part of it is empty, or begins or ends with a dot', remedy);
  if (DEVICES.test(part)) refuse(path, `Windows keeps ${part} for a device`, 'Choose another name.');
  if (part.length > LONGEST) refuse(path, `${part} has more than ${LONGEST} letters`, 'Choose a shorter name.');
}
