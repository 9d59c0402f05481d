/** One file of a model, as its publisher describes it. */
export interface ModelFile {
  /** Name of the file in the model's repository, and on disk: 'model.safetensors'. */
  readonly name: string;
  /** Size where it is known in advance; otherwise the source announces it. */
  readonly bytes?: number;
  /** Lower-case hex where it is known in advance; otherwise the source announces it, and it is pinned on first sight. */
  readonly sha256?: string;
  /** What the same weights are called as a checkpoint of torch, in the publisher's own repository of code: 'sam2.1_hiera_tiny.pt'. */
  readonly checkpoint?: string;
}

/** The terms of a model's weights. */
export interface ModelLicence {
  /** SPDX identifier where there is one, else the publisher's name for it. */
  readonly id: string;
  readonly url: string;
  /** Whether the publisher hands the files only to those who accepted the terms there and who bring a token. */
  readonly gated: boolean;
}

/** What is known of a model without having it. */
export interface ModelCard {
  /** The name people type, which is the engine's too: 'sam2.1-tiny'. */
  readonly name: string;
  /** One line: what it is good for. */
  readonly summary: string;
  /** Who publishes it: 'facebook/sam2.1-hiera-tiny', with the revision that is asked for. */
  readonly repository: string;
  readonly revision: string;
  readonly licence: ModelLicence;
  readonly files: readonly ModelFile[];
}

/**
 * How sure it is that a file is the publisher's. `known`: its digest was known in advance. `announced`: it is the one the source announced when it
 * was first pulled, pinned since. `first-seen`: nobody announced one; what came first was pinned.
 */
export type Trust = 'known' | 'announced' | 'first-seen';

/** A file that is here: whole, verified when it came, under its final name. */
export interface InstalledFile {
  readonly name: string;
  /** Absolute, with symbolic links resolved. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly trust: Trust;
}

/** A model all of whose files are here. */
export interface InstalledModel {
  readonly card: ModelCard;
  readonly files: readonly InstalledFile[];
}

/** Where to take a model from, and on whose terms. */
export interface PullOptions {
  /** Take the files from this folder, or this one file, and no network. */
  readonly from?: string;
  /** The user has read and accepted the licence (needed where it is gated). */
  readonly acceptLicence?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * What happens during a pull. `have`: whole already, nothing to do. `wait`: another process is pulling it; its progress follows. `verify`: all bytes are
 * here and are being checked. `done` comes once a file, after it appeared under its final name.
 */
export type PullEvent =
  | { readonly kind: 'have' | 'wait' | 'verify' | 'done'; readonly file: string; readonly bytes: number }
  | {
      readonly kind: 'progress';
      readonly file: string;
      readonly bytes: number;
      readonly total: number | undefined;
      /** Bytes that an earlier, interrupted pull had left and that were not asked for again. */
      readonly resumed: number;
    }
  | { readonly kind: 'retry'; readonly file: string; readonly attempt: number; readonly reason: string };

/** What reading a file again came to. */
export type FileVerdict =
  | { readonly kind: 'sound'; readonly file: InstalledFile }
  | { readonly kind: 'absent'; readonly name: string }
  | { readonly kind: 'damaged'; readonly name: string; readonly expected: string; readonly found: string };

/**
 * The models that can be had, and those that are here. A file is under its final name only when it is whole and its digest is right. Left out on
 * purpose: what is inside the files, choosing a model for a job, updating (a card names one revision).
 */
export interface ModelHub {
  /** Every model known, in the order to show them. */
  readonly cards: readonly ModelCard[];
  /** The model if all its files are here, by name and size; reads no weights. @throws RotokitError MODEL_UNKNOWN. */
  find(name: string): Promise<InstalledModel | undefined>;
  /**
   * Brings the files of a model here, resuming what an earlier pull left. Two pulls of one model, also by two processes, share one download. Leaving the loop
   * or the signal stops it and keeps what came.
   * @throws RotokitError MODEL_UNKNOWN, MODEL_LICENCE, MODEL_FORBIDDEN, MODEL_UNREACHABLE, MODEL_CORRUPT, MODEL_NOT_IN_FOLDER, WRITE_FAILED.
   */
  pull(name: string, options?: PullOptions): AsyncIterable<PullEvent>;
  /** Reads every byte of a model and compares. @throws RotokitError MODEL_UNKNOWN. */
  verify(name: string, signal?: AbortSignal): Promise<readonly FileVerdict[]>;
  /** Deletes a model's files and what interrupted pulls left; its pins stay. Says how many bytes that freed. @throws RotokitError MODEL_UNKNOWN. */
  remove(name: string): Promise<number>;
}
