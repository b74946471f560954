// How resemblance is put in words: percents, bands, and why a post was found.
import { formatWords } from '$kit/format';
import type { Hit, Reasons } from '$api/similar';

export const BANDS: readonly { from: number; name: string }[] = [
  { from: 0.9, name: 'nearly the same' },
  { from: 0.6, name: 'close' },
  { from: 0.35, name: 'related' },
  { from: 0.05, name: 'something in common' },
  { from: 0, name: 'anything' },
];

export function bandOf(score: number): string {
  return (BANDS.find((band) => score >= band.from) ?? { name: 'anything' }).name;
}

/** Boosts may lift a prompt above the whole. */
export function percent(score: number): string {
  return `${Math.round(100 * Math.min(1, score))}%`;
}

const RECIPE = { 'same model': 'model', 'same mode': 'mode', 'same size': 'size' } as Record<string, string>;

/** "neon, rain; same model ×1.5; structure 92%, colours 88%". */
export function whyLine(why: Reasons): string {
  const boosted = why.boosts.map((boost) => `${boost.name} ×${boost.factor}`);
  const boosts = new Set(why.boosts.map((boost) => boost.name));
  const recipe = why.recipe.filter((name) => !boosts.has(name)).map((name) => RECIPE[name] ?? name);
  const parts = [
    formatWords(why.words.map((one) => one.word), why.others.count),
    ...boosted,
    why.picture ? `structure ${percent(why.picture.structure)}, colours ${percent(why.picture.colours)}` : '',
    recipe.length > 0 ? `same ${recipe.join(', ')}` : '',
  ];
  return parts.filter(Boolean).join('; ');
}

/** The whole reason, for a tooltip and for those who hear the page. */
export function spoken(hit: Hit): string {
  return `${percent(hit.score)} alike, ${bandOf(hit.score)}: ${whyLine(hit.why) || 'no reason'}. ${hit.card.alt}`;
}
