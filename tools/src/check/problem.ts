/** Something a check found: where, what, and the edit or command that mends it. */
export interface Problem {
  readonly where: string;
  readonly what: string;
  readonly fix: string;
}
