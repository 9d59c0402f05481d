/** What a shell is told: 0 done, 1 failed, 2 wrong usage, 3 done but frames need review (`--strict`), 130 cancelled. */
export const EXIT = { done: 0, failed: 1, usage: 2, review: 3, cancelled: 130 } as const;
