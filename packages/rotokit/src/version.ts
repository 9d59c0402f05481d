/** The version of this package, as files and reports record it. */
export const VERSION = '0.1.0';
