import type { TextureSources } from '../textures.js';
import type { Actor } from './actor.js';
import { type AnimalSpec, animal } from './animal.js';
import { type BlobSpec, blob } from './blob.js';
import { type ClutterSpec, clutter } from './clutter.js';
import { type CycleSpec, cycle } from './cycle.js';
import { type PerformerSpec, performer } from './performer.js';
import { type PersonSpec, person } from './person.js';
import { type VehicleSpec, vehicle } from './vehicle.js';

/** Every kind of actor, as data. */
export type ActorSpec = PersonSpec | AnimalSpec | VehicleSpec | CycleSpec | BlobSpec | PerformerSpec | ClutterSpec;

/** Builds an actor from its description. */
export function buildActor(spec: ActorSpec, sources: TextureSources): Actor {
  switch (spec.kind) {
    case 'person':
      return person(spec, sources);
    case 'animal':
      return animal(spec, sources);
    case 'vehicle':
      return vehicle(spec, sources);
    case 'cycle':
      return cycle(spec, sources);
    case 'blob':
      return blob(spec, sources);
    case 'clutter':
      return clutter(spec, sources);
    case 'performer':
      return performer(spec, sources);
  }
}
