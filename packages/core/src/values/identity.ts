declare const identity: unique symbol;

/** Who an object is, for ever: never reused, never renamed. Names and colours may change, this does not. */
export type ObjectId = string & { readonly [identity]: 'ObjectId' };

/** Brands a stored or newly made identity. @throws RangeError unless it is 1 to 64 letters, digits, `_` or `-`. */
export function objectId(value: string): ObjectId {
  if (!/^[\w-]{1,64}$/.test(value))
    throw new RangeError(`an object id is 1 to 64 of [A-Za-z0-9_-], got ${JSON.stringify(value)}`);
  return value as ObjectId;
}
