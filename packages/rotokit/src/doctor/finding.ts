/** What a check found: `warn` means the work goes on without it. */
export interface Finding {
  readonly level: 'pass' | 'warn' | 'fail';
  readonly what: string;
  readonly fix?: string;
}

/** One thing that can be looked at, by name. */
export interface Check {
  readonly name: string;
  run(): Promise<Finding>;
}

/** It works. */
export const pass = (what: string): Finding => ({ level: 'pass', what });

/** The work goes on without it. */
export const warn = (what: string, fix: string): Finding => ({ level: 'warn', what, fix });

/** It does not work. */
export const fail = (what: string, fix: string): Finding => ({ level: 'fail', what, fix });

/** What to do about a part that was installed and does not work. */
export const REINSTALL = 'Reinstall with `npm ci`; if it stays, report it with this line.';
