import type { RotoOptions } from 'rotokit';
import type {
  Edited,
  EngineChoice,
  ExportOutlook,
  ExportRequest,
  Failure,
  Job,
  MarkerFacts,
  ObjectChange,
  ProjectState,
  Said,
  ServerEvent,
  SpaceEstimate,
  TrackRequest,
} from '../api/index.js';

/** What a project's process can be asked to do. Everything that goes over is plain data. */
export interface ProjectCalls {
  state(): Promise<ProjectState>;
  addObject(name: string | undefined): Promise<Edited & { readonly object: string }>;
  changeObject(object: string, change: ObjectChange): Promise<Edited>;
  removeObject(object: string): Promise<Edited>;
  say(object: string, frame: number, prompts: readonly Said[]): Promise<Edited>;
  sayDifferently(object: string, prompt: string, instead: Said): Promise<Edited>;
  /** The mask as PNG or in the coding of core/values/mask-codec. */
  giveMask(object: string, frame: number, file: Uint8Array): Promise<Edited>;
  takeBack(object: string, prompt: string): Promise<Edited>;
  clear(object: string, frame: number): Promise<Edited>;
  mark(object: string, frame: number, verdict: 'accepted' | 'ignored' | null): Promise<Edited>;
  move(direction: 'undo' | 'redo'): Promise<Edited>;
  /** Goes to a place in the history. */
  goTo(applied: number): Promise<Edited>;
  track(request: TrackRequest): Promise<Job>;
  export(request: ExportRequest): Promise<Job>;
  outlook(request: ExportRequest): Promise<ExportOutlook>;
  estimate(request: ExportRequest): Promise<SpaceEstimate>;
  jobs(): Promise<readonly Job[]>;
  resume(job: string): Promise<Job>;
  cancel(job: string): Promise<void>;
  /** Keeps the choice of an engine with the project, or with an object of it; null leaves the object to the project again. Counts at once. */
  chooseEngine(choice: EngineChoice | null, object?: string): Promise<Edited>;
  /** Marks a frame; null takes its marker away. */
  setMarker(frame: number, facts: MarkerFacts | null): Promise<Edited>;
  /** Makes the engine ready for clicks on a frame that the user looks at, about an object where one is chosen. */
  lookAt(frame: number, object?: string): Promise<void>;
  memory(): Promise<{ readonly memory: number; readonly heap: number }>;
  close(): Promise<void>;
}

/** What a project's process is started with. */
export interface HostRequest {
  readonly id: string;
  /** The clip, or the project file. */
  readonly path: string;
  /** The project file that keeps the work. */
  readonly project: string;
  /** The folders that may be written to, for exports that go on after the server was ended. */
  readonly folders: readonly string[];
  /** How much of the machine the process may use. */
  readonly resources: Pick<RotoOptions, 'hardware' | 'memoryLimit'>;
}

/** From the server to the process. */
export type ToHost =
  | { readonly kind: 'open'; readonly request: HostRequest }
  | {
      readonly kind: 'call';
      readonly id: number;
      readonly method: keyof ProjectCalls;
      readonly args: readonly unknown[];
    };

/** From the process to the server. */
export type FromHost =
  | { readonly kind: 'opened' }
  | { readonly kind: 'refused'; readonly failure: Failure }
  | { readonly kind: 'value'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly failure: Failure }
  | { readonly kind: 'event'; readonly event: ServerEvent };
