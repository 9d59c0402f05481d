/** The studio's server: an HTTP API over the library, for one user on his own machine. */
export type { TlsFiles } from './http/address.js';
export { LIMITS, type Limits } from './http/limits.js';
export { type Studio, type StudioOptions, type StudioUser, startStudio } from './start.js';
