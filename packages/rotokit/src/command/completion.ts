import type { Command } from 'commander';

/** `rotokit completion bash|zsh|fish`: a script for the shell, made from the commands as they are. */
export function addCompletion(program: Command): void {
  program
    .command('completion <shell>')
    .description('Prints a completion script for bash, zsh or fish.')
    .addHelpText('after', '\nExample:\n  eval "$(rotokit completion bash)"')
    .action((shell: string, _options: unknown, command: Command) => {
      const script = SCRIPTS[shell];
      if (!script)
        command.error(`A shell is one of ${Object.keys(SCRIPTS).join(', ')}, got ${shell}.`, { exitCode: 2 });
      else process.stdout.write(script(program));
    });
}

const flagsOf = (c: Command) => c.options.filter((o) => !o.hidden && o.long).map((o) => o.long as string);

const SCRIPTS: Readonly<Record<string, (program: Command) => string>> = {
  bash: (program) => `_rotokit() {
  local word="\${COMP_WORDS[COMP_CWORD]}" words
  if [ "$COMP_CWORD" = 1 ]; then words="${program.commands.map((c) => c.name()).join(' ')}"
  else case "\${COMP_WORDS[1]}" in
${program.commands.map((c) => `    ${c.name()}) words="${flagsOf(c).join(' ')}" ;;`).join('\n')}
  esac; fi
  case "$word" in
    -*) COMPREPLY=($(compgen -W "$words" -- "$word")) ;;
    *) if [ "$COMP_CWORD" = 1 ]; then COMPREPLY=($(compgen -W "$words" -- "$word")); else COMPREPLY=($(compgen -f -- "$word")); fi ;;
  esac
}
complete -o filenames -F _rotokit rotokit
`,
  zsh: (program) => `#compdef rotokit
_rotokit() {
  if (( CURRENT == 2 )); then compadd ${program.commands.map((c) => c.name()).join(' ')}; return; fi
  case "$words[2]" in
${program.commands.map((c) => `    ${c.name()}) [[ "$PREFIX" == -* ]] && compadd -- ${flagsOf(c).join(' ')} || _files ;;`).join('\n')}
  esac
}
compdef _rotokit rotokit
`,
  fish: (program) =>
    [
      ...program.commands.map(
        (c) =>
          `complete -c rotokit -n __fish_use_subcommand -f -a ${c.name()} -d '${c.description().replace(/'/g, '')}'`,
      ),
      ...program.commands.flatMap((c) =>
        flagsOf(c).map((f) => `complete -c rotokit -n '__fish_seen_subcommand_from ${c.name()}' -l ${f.slice(2)}`),
      ),
      '',
    ].join('\n'),
};
