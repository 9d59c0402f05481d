import { type MemoryPolicy, memoryPolicy, POLICIES } from '@rotokit/neural/memory';

/**
 * A memory policy as typed: `samurai`, or `samurai,motionWeight=0.15`. @throws RangeError for an unknown policy or threshold, naming those there are, and
 * for a value that is no number or out of bounds.
 */
export function parsePolicy(text: string): MemoryPolicy {
  const [name = '', ...parts] = text.split(',').map((part) => part.trim());
  const settings = parts.map((part): [string, number] => {
    const [key = '', value = ''] = part.split('=');
    if (!key || value.trim() === '')
      throw new RangeError(`policy ${name}: ${part} is not of the form threshold=number`);
    return [key, Number(value)];
  });
  return memoryPolicy(name, Object.fromEntries(settings));
}

/** Every policy with its thresholds and their defaults, for help texts. */
export function policyHelp(): string {
  const lines = POLICIES.flatMap(({ name, summary, defaults }) => [
    `  ${name.padEnd(8)} ${summary}`,
    ...wrapped(Object.entries(defaults).map(([key, value]) => `${key}=${value}`)),
  ]);
  return `Memory policies of the SAM 2.1 and EdgeTAM engines, with their thresholds:\n${lines.join('\n')}`;
}

/** Words in lines of at most 100 letters, indented. */
function wrapped(words: readonly string[]): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < 99) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`           ${word}`);
  }
  return lines;
}
