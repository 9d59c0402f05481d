import { type Json, PER_POINT, type RotoRecord } from '../values/index.js';
import {
  anchorId,
  type KnownRecord,
  type KnownType,
  markerId,
  markId,
  type ShapeRecord,
  shapeRecordId,
  trackedId,
} from './record-types.js';

type Check = (value: Json | undefined) => string | undefined;

const is =
  (rule: string, test: (value: Json | undefined) => boolean): Check =>
  (value) =>
    test(value) ? undefined : `must be ${rule}`;

const isMap = (v: Json | undefined): v is { readonly [field: string]: Json } =>
  typeof v === 'object' && v !== null && !Array.isArray(v);
const isNumber = (v: Json | undefined): v is number => typeof v === 'number' && Number.isFinite(v);
const isWhole = (v: Json | undefined, least: number) => Number.isSafeInteger(v) && (v as number) >= least;

const text = is('a text', (v) => typeof v === 'string');
const someText = is('a text that is not empty', (v) => typeof v === 'string' && v.length > 0);
const flag = is('true or false', (v) => typeof v === 'boolean');
const finite = is('a finite number', isNumber);
const count = is('a whole number of at least 0', (v) => isWhole(v, 0));
const positive = is('a whole number of at least 1', (v) => isWhole(v, 1));
const whole = is('a whole number', (v) => Number.isSafeInteger(v));
const share = is('a number from 0 to 1', (v) => isNumber(v) && v >= 0 && v <= 1);
const map = is('a map', isMap);
const identity = is('1 to 64 of [A-Za-z0-9_-]', (v) => typeof v === 'string' && /^[\w-]{1,64}$/.test(v));
const point = is('[x, y]', (v) => Array.isArray(v) && v.length === 2 && v.every(isNumber));
const points = is('a list of [x, y]', (v) => Array.isArray(v) && v.length > 0 && v.every((p) => !point(p)));
const texts = is('a list of texts', (v) => Array.isArray(v) && v.every((t) => typeof t === 'string'));
const numbers = is('a list of finite numbers', (v) => Array.isArray(v) && v.every(isNumber));
const flags = is('a list of true and false', (v) => Array.isArray(v) && v.every((f) => typeof f === 'boolean'));
const stretches = is(
  'a list of [start, end], start before end',
  (v) => Array.isArray(v) && v.every((r) => !point(r) && (r as number[])[0] < (r as number[])[1]),
);
const colour = is('#rrggbb', (v) => typeof v === 'string' && /^#[0-9a-f]{6}$/i.test(v));
const oneOf = (...names: string[]) => is(`one of ${names.join(', ')}`, (v) => names.includes(v as string));
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined ? undefined : check(value);

type Fields = Readonly<Record<string, Check>>;

/** Checks the named fields of a map and lets all others pass. */
const fields =
  (rules: Fields): Check =>
  (value) => {
    if (!isMap(value)) return 'must be a map';
    for (const [name, check] of Object.entries(rules)) {
      const problem = check(Object.hasOwn(value, name) ? value[name] : undefined);
      if (problem) return /^[.[]/.test(problem) ? `.${name}${problem}` : `.${name} ${problem}`;
    }
    return undefined;
  };

const PROMPTS: Readonly<Record<string, Check>> = {
  point: fields({ at: point, positive: flag }),
  box: fields({ from: point, to: point }),
  brush: fields({ path: points, radius: finite, positive: flag }),
  mask: fields({ mask: someText }),
  text: fields({ text: someText }),
};

const prompt: Check = (value) => {
  if (!isMap(value)) return 'must be a map';
  const kind = String(value.kind);
  return Object.hasOwn(PROMPTS, kind)
    ? PROMPTS[kind](value)
    : `.kind must be one of ${Object.keys(PROMPTS).join(', ')}`;
};

const place = { object: identity, frame: count };

/** Keys of a shape: ascending, all of them with the points that `corners` counts. */
const shapeKeys: Check = (value) => {
  const key = fields({ frame: count, outline: numbers, feather: numbers, edited: flag });
  if (!Array.isArray(value) || !value.length) return 'must be a list that is not empty';
  for (const [i, k] of value.entries()) {
    const problem = key(k);
    if (problem) return `[${i}]${problem.startsWith('.') ? '' : ' '}${problem}`;
    if (i && k.frame <= value[i - 1].frame) return `[${i}].frame must be after the one before`;
  }
  return undefined;
};

/** Six numbers of outline and one of feather for each corner flag, on every key. */
const shapePoints: Check = (value) => {
  const { corners, keys } = value as unknown as ShapeRecord;
  const even = keys.every(
    (k) => k.outline.length === PER_POINT * corners.length && k.feather.length === corners.length,
  );
  return even ? undefined : '.keys must have as many points as there are corners';
};

const RULES: Readonly<Record<KnownType, Check>> = {
  clip: fields({
    path: someText,
    size: fields({ width: positive, height: positive }),
    frames: count,
    rate: fields({ num: positive, den: positive }),
    first: whole,
  }),
  object: fields({
    id: identity,
    name: someText,
    colour,
    priority: finite,
    visible: flag,
    locked: flag,
    order: finite,
    engine: optional(fields({ engine: someText, profile: optional(someText), policy: optional(someText) })),
    metadata: map,
  }),
  prompt: fields({ ...place, order: finite, prompt }),
  anchor: fields({
    ...place,
    mask: someText,
    made: oneOf('prompts', 'painted', 'imported', 'confirmed'),
    engine: optional(map),
  }),
  run: fields({ engine: someText, provenance: map, parameters: map }),
  tracked: fields({
    ...place,
    run: someText,
    basis: text,
    signals: fields({
      score: share,
      certainty: optional(share),
      flowAgreement: optional(share),
      state: oneOf('tracked', 'searching', 'found', 'cut'),
    }),
    confidence: share,
    reasons: texts,
  }),
  mark: fields({
    ...place,
    verdict: oneOf('accepted', 'ignored'),
    basis: is('a text or null', (v) => v === null || typeof v === 'string'),
  }),
  shape: (value) =>
    fields({
      ...{ object: identity, shape: identity, name: text, mode: oneOf('add', 'subtract'), corners: flags },
      ...{ visible: stretches, keys: shapeKeys },
    })(value) ?? shapePoints(value),
  marker: fields({ frame: count, name: text, colour }),
  settings: fields({ values: map }),
};

/** The id a record must have because its type says so; undefined where any will do. */
function prescribedId(r: RotoRecord): string | undefined {
  const known = r as KnownRecord;
  switch (known.type) {
    case 'clip':
    case 'settings':
      return known.type;
    case 'anchor':
      return anchorId(known.object, known.frame);
    case 'tracked':
      return trackedId(known.object, known.frame);
    case 'mark':
      return markId(known.object, known.frame);
    case 'marker':
      return markerId(known.frame);
    case 'shape':
      return shapeRecordId(known.object, known.shape);
    default:
      return undefined;
  }
}

/**
 * What is wrong with a record: `.field must be ...`, or undefined when it is sound. Fields and types that this version
 * does not know are sound whatever they hold.
 */
export function recordProblem(value: unknown): string | undefined {
  const base = fields({ id: someText, type: someText })(value as Json);
  if (base) return base;
  const record = value as RotoRecord;
  if (!Object.hasOwn(RULES, record.type)) return undefined;
  const problem = RULES[record.type as KnownType](record);
  if (problem) return problem;
  const id = prescribedId(record);
  return id === undefined || id === record.id ? undefined : `.id must be ${id}`;
}
