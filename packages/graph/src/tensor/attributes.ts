/** The arguments of an operation that are no tensors: names, axes, strides, shapes. */
export type Attributes = Readonly<Record<string, number | string | boolean | readonly (number | string)[]>>;
