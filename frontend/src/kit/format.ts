// Numbers, sizes, durations and times as the page writes them.

const numbers = new Intl.NumberFormat('en');
const oneDigit = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** 102431 -> "102,431". */
export function formatNumber(value: number): string {
  return numbers.format(value);
}

/** 1 -> "1 post", 2 -> "2 posts", 1200 -> "1,200 posts". */
export function formatCount(value: number, one: string, many = `${one}s`): string {
  return `${formatNumber(value)} ${value === 1 ? one : many}`;
}

const UNITS = ['KB', 'MB', 'GB', 'TB', 'PB'];

/** 80_123 -> "80 KB", 9_812_345 -> "9.8 MB"; decimal units, as file managers show them. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${formatNumber(bytes)} B`;
  let value = bytes;
  let unit = -1;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const rounded = value < 10 && unit > 0 ? oneDigit.format(value) : formatNumber(Math.round(value));
  return `${rounded} ${UNITS[unit]}`;
}

/** Seconds as a clip's length: 6 -> "0:06", 3725 -> "1:02:05". Anything that is played lasts at least one second. */
export function formatDuration(seconds: number): string {
  const whole = seconds > 0 ? Math.max(1, Math.round(seconds)) : 0;
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (part: number): string => String(part).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** A place in a clip with hundredths: 3.275 -> "0:03.27". */
export function formatTimecode(seconds: number): string {
  const hundredths = Math.floor(Math.max(0, seconds) * 100 + 1e-6);
  const minutes = Math.floor(hundredths / 6000);
  const rest = (hundredths % 6000) / 100;
  return `${minutes}:${rest.toFixed(2).padStart(5, '0')}`;
}

/** How long something takes, in words: 42 -> "42 s", 70 -> "1 min 10 s", 7300 -> "2 h 2 min". */
export function formatSpan(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return withRest(Math.floor(whole / 60), 'min', whole % 60, 's');
  return withRest(Math.floor(whole / 3600), 'h', Math.floor((whole % 3600) / 60), 'min');
}

function withRest(value: number, unit: string, rest: number, restUnit: string): string {
  return rest === 0 ? `${formatNumber(value)} ${unit}` : `${formatNumber(value)} ${unit} ${rest} ${restUnit}`;
}

function options(zone?: string): Intl.DateTimeFormatOptions {
  return zone === undefined ? {} : { timeZone: zone };
}

/** "25 Aug 2025". */
export function formatDate(when: string | Date, zone?: string): string {
  const format = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', ...options(zone) });
  return shortSeptember(format.format(new Date(when)));
}

/** "25 Aug 2025, 03:31". */
export function formatDateTime(when: string | Date, zone?: string): string {
  const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', ...options(zone) });
  return `${formatDate(when, zone)}, ${time.format(new Date(when))}`;
}

/** British English alone writes "Sept"; the page keeps three letters for every month. */
function shortSeptember(text: string): string {
  return text.replace('Sept', 'Sep');
}

/** "just now", "2 min ago", "3 h ago" up to a day, then the date. */
export function formatAgo(when: string | Date, now: Date = new Date()): string {
  const seconds = (now.getTime() - new Date(when).getTime()) / 1000;
  if (seconds < 45) return 'just now';
  if (seconds < 3570) return `${Math.max(1, Math.round(seconds / 60))} min ago`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`;
  return formatDate(when);
}

const MOST_WORDS = 4;

/** "neon, rain and 14 more": the first of some words, and how many more there are. */
export function formatWords(words: readonly string[], others: number): string {
  const named = words.slice(0, MOST_WORDS);
  const more = others + words.length - named.length;
  return named.join(', ') + (named.length > 0 && more > 0 ? ` and ${formatNumber(more)} more` : '');
}
