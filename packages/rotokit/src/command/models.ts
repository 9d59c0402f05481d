import type { FileVerdict, InstalledModel, ModelCard, ModelHub } from '@rotokit/core/ports';
import type { Command } from 'commander';
import { chooseEngine } from '../engines/choose.js';
import { CHECK_IOU, checkModel } from '../models/check.js';
import { hubOf, modelFolder } from '../models/home.js';
import { EXIT } from './exit-codes.js';
import { megabytes, pullProgress } from './pull-progress.js';
import { type LongOptions, result, withJson } from './shared.js';

interface PullCommandOptions extends LongOptions {
  readonly from?: string;
  readonly acceptLicence?: boolean;
}

/** `rotokit models list|pull|verify|check|remove`: which models there are, their files, and whether they work. */
export function addModels(program: Command, signal: AbortSignal): void {
  const models = program
    .command('models')
    .description('Models for tracking: which there are, and bringing their weights here.')
    .addHelpText('after', '\nExample:\n  rotokit models pull sam2.1-tiny');
  addList(models);
  addPull(models, signal);
  addVerify(models, signal);
  addCheck(models, signal);
  addRemove(models);
}

const sizeOf = (model: InstalledModel): number => model.files.reduce((n, f) => n + f.bytes, 0);

function addList(models: Command): void {
  withJson(models.command('list').description('Every model, its terms, and whether it is here.'))
    .addHelpText('after', '\nExample:\n  rotokit models list --json')
    .action(async (options: LongOptions) => {
      const hub = hubOf(process.env);
      const rows = await Promise.all(hub.cards.map(async (card) => ({ card, here: await hub.find(card.name) })));
      const facts = rows.map(({ card, here }) => ({
        ...card,
        source: `https://huggingface.co/${card.repository}`,
        installed: here ? { bytes: sizeOf(here), files: here.files } : null,
      }));
      const text = rows.map(({ card, here }) => lineOf(card, here)).join('\n');
      result(options, { folder: modelFolder(process.env), models: facts }, `${text}\n\nin ${modelFolder(process.env)}`);
    });
}

function lineOf({ name, summary, licence }: ModelCard, here: InstalledModel | undefined): string {
  const state = here ? `here, ${megabytes(sizeOf(here))} MB` : '-';
  return `${name.padEnd(18)} ${state.padEnd(14)} ${summary}; ${licence.id}${licence.gated ? ', gated' : ''}`;
}

function addPull(models: Command, signal: AbortSignal): void {
  withJson(models.command('pull <names...>').description('Brings the weights of models here, whole and verified.'))
    .option(
      '--from <path>',
      'take the files from this folder, or this file, instead of the network; also .pt checkpoints',
    )
    .option('--accept-licence', 'you have read and accept the terms of a gated model')
    .addHelpText(
      'after',
      `
Examples:
  rotokit models pull sam2.1-tiny
  rotokit models pull edgetam --from /media/usb
  HF_TOKEN=... rotokit models pull sam3 --accept-licence

ROTOKIT_HUB names a mirror, ROTOKIT_MODELS the folder; HTTPS_PROXY, HTTP_PROXY and NO_PROXY are heeded. An interrupted
pull goes on where it stopped.`,
    )
    .action(async (names: readonly string[], options: PullCommandOptions) => {
      const hub = hubOf(process.env);
      const pulled = [];
      for (const name of names) pulled.push(await pullOne(hub, name, options, signal));
      const text = pulled.map((m) => m.files.map((f) => `${f.path}\n  sha256 ${f.sha256} (${f.trust})`).join('\n'));
      result(
        options,
        pulled.map(({ card, files }) => ({ name: card.name, files })),
        text.join('\n'),
      );
    });
}

async function pullOne(
  hub: ModelHub,
  name: string,
  { json = false, from, acceptLicence }: PullCommandOptions,
  signal: AbortSignal,
): Promise<InstalledModel> {
  const progress = pullProgress(process.stderr, name, json);
  const choices = { signal, ...(from ? { from } : {}), ...(acceptLicence ? { acceptLicence } : {}) };
  try {
    for await (const event of hub.pull(name, choices)) progress.tell(event);
  } finally {
    progress.end();
  }
  return (await hub.find(name)) as InstalledModel;
}

function addVerify(models: Command, signal: AbortSignal): void {
  withJson(models.command('verify [names...]').description('Reads every byte of models that are here and compares.'))
    .addHelpText(
      'after',
      '\nExample:\n  rotokit models verify sam2.1-tiny\n\nExits with 1 when a file is damaged or absent.',
    )
    .action(async (names: readonly string[], options: LongOptions) => {
      const hub = hubOf(process.env);
      const chosen = names.length ? names : await namesHere(hub);
      const verdicts = [];
      for (const name of chosen)
        for (const verdict of await hub.verify(name, signal)) verdicts.push({ model: name, ...verdict });
      result(options, verdicts, verdicts.map((v) => verdictLine(v.model, v)).join('\n') || 'no model is here');
      if (verdicts.some((v) => v.kind !== 'sound')) process.exitCode = EXIT.failed;
    });
}

interface CheckCommandOptions extends LongOptions {
  readonly threads?: number;
}

function addCheck(models: Command, signal: AbortSignal): void {
  withJson(models.command('check <name>').description('Has a model find and follow a made-up thing, and compares.'))
    .option('--threads <n>', 'threads of the runtime', Number)
    .addHelpText(
      'after',
      `\nExample:\n  rotokit models check sam2.1-tiny\n\nExits with 1 when an IoU is below ${CHECK_IOU}: files that are whole can still be the wrong ones.`,
    )
    .action(async (name: string, options: CheckCommandOptions) => {
      const { engine } = await chooseEngine(name, ['point'], options);
      const report = await checkModel(engine, signal);
      const lines = report.steps.map(
        ({ what, iou, ms }) =>
          `${iou >= CHECK_IOU ? 'pass' : 'fail'}  ${what.padEnd(22)} IoU ${iou.toFixed(3)}  ${Math.round(ms)} ms`,
      );
      const verdict = report.works
        ? `${name} works`
        : `${name} does not see what is there: its weights are not those of a trained ${name}\n  -> rotokit models verify ${name}`;
      result(options, { model: name, ...report }, [...lines, verdict].join('\n'));
      if (!report.works) process.exitCode = EXIT.failed;
    });
}

/** The models of which something is here. */
async function namesHere(hub: ModelHub): Promise<readonly string[]> {
  const found = await Promise.all(hub.cards.map(async ({ name }) => ((await hub.find(name)) ? [name] : [])));
  return found.flat();
}

function verdictLine(model: string, verdict: FileVerdict): string {
  if (verdict.kind === 'sound')
    return `sound    ${model} ${verdict.file.name}  sha256 ${verdict.file.sha256} (${verdict.file.trust})`;
  if (verdict.kind === 'absent') return `absent   ${model} ${verdict.name}\n  -> rotokit models pull ${model}`;
  const again = `rotokit models remove ${model} && rotokit models pull ${model}`;
  return `damaged  ${model} ${verdict.name}: expected ${verdict.expected}, found ${verdict.found}\n  -> ${again}`;
}

function addRemove(models: Command): void {
  withJson(models.command('remove <names...>').description('Deletes the files of models.'))
    .addHelpText('after', '\nExample:\n  rotokit models remove sam2.1-large')
    .action(async (names: readonly string[], options: LongOptions) => {
      const hub = hubOf(process.env);
      const removed = [];
      for (const name of names) removed.push({ name, bytes: await hub.remove(name) });
      const text = removed.map((r) =>
        r.bytes ? `${r.name}: ${megabytes(r.bytes)} MB freed` : `${r.name} was not here`,
      );
      result(options, removed, text.join('\n'));
    });
}
