import { readFileSync } from 'node:fs';

/** Whether a process of this machine is running, also one of another user. One that has ended and was not waited for by its parent is not. */
export function processAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1')); // Linux: a zombie
  } catch {
    return true;
  }
}
