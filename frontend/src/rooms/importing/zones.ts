// The time zones to choose from: the usual ones first, then all that the browser knows.

export interface Zone {
  value: string;
  label: string;
}

/** UTC, the browser's own and the chosen one first; each once. */
export function zonesFrom(known: readonly string[], own: string, chosen: string): Zone[] {
  const label = (zone: string): string => {
    const words = zone.replaceAll('_', ' ');
    return zone === own && zone !== 'UTC' ? `${words} (this browser)` : words;
  };
  return [...new Set(['UTC', own, chosen, ...known])].filter((zone) => zone !== '').map((zone) => ({ value: zone, label: label(zone) }));
}
