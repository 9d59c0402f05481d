import type { ModelCard, ModelLicence } from '@rotokit/core/ports';

const APACHE: ModelLicence = { id: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0', gated: false };

/** Facebook's own terms: commercial use allowed, several uses forbidden, and access is granted by hand. */
const SAM_LICENCE: ModelLicence = {
  id: 'SAM License (19 Nov 2025)',
  url: 'https://huggingface.co/facebook/sam3/blob/main/LICENSE',
  gated: true,
};

const card = (
  name: string,
  repository: string,
  summary: string,
  licence: ModelLicence,
  checkpoint?: string,
): ModelCard => ({
  ...{ name, summary, repository, licence },
  revision: 'main',
  files: [{ name: 'model.safetensors', ...(checkpoint ? { checkpoint } : {}) }],
});

/**
 * The models that Rotokit can use, in the order to show them. The publishers' `.safetensors` files have no digest that was known when this was written
 * (only the older `.pt` files have), so the one that the source announces is checked and pinned.
 */
export const MODEL_CARDS: readonly ModelCard[] = [
  card(
    'sam2.1-tiny',
    'facebook/sam2.1-hiera-tiny',
    'SAM 2.1, smallest: 39 M values, 156 MB',
    APACHE,
    'sam2.1_hiera_tiny.pt',
  ),
  card(
    'sam2.1-small',
    'facebook/sam2.1-hiera-small',
    'SAM 2.1, small: 46 M values, 184 MB',
    APACHE,
    'sam2.1_hiera_small.pt',
  ),
  card(
    'sam2.1-base-plus',
    'facebook/sam2.1-hiera-base-plus',
    'SAM 2.1, middle: 81 M values, 323 MB',
    APACHE,
    'sam2.1_hiera_base_plus.pt',
  ),
  card(
    'sam2.1-large',
    'facebook/sam2.1-hiera-large',
    'SAM 2.1, largest: 224 M values, 898 MB',
    APACHE,
    'sam2.1_hiera_large.pt',
  ),
  card(
    'edgetam',
    'yonigozlan/EdgeTAM-hf',
    'EdgeTAM, a smaller and faster relative of SAM 2.1: 14 M values, 56 MB',
    APACHE,
    'edgetam.pt',
  ),
  card('sam3', 'facebook/sam3', 'SAM 3, which also finds things by words: 860 M values, 3.4 GB', SAM_LICENCE),
];
