const whole = new Intl.NumberFormat('en');

export const count = value => Number.isFinite(value) ? whole.format(Math.round(value)) : '–';

export function number(value, digits = 2) {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(1).replace('e+', 'e');
  return size >= 1000 ? whole.format(Math.round(value)) : value.toFixed(size >= 100 ? Math.min(digits, 1) : digits);
}

export function duration(seconds) {
  if (!Number.isFinite(seconds) || seconds < 0) return '–';
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

export function bytes(value) {
  for (const unit of ['B', 'kB', 'MB']) {
    if (value < 1000) return `${number(value, unit === 'B' ? 0 : 1)} ${unit}`;
    value /= 1000;
  }
  return `${number(value, 1)} GB`;
}

export const milliseconds = seconds => seconds > 0 ? `${number(seconds * 1000, seconds < 0.01 ? 2 : 1)} ms` : '–';

export function when(text) {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return '–';
  const pad = part => String(part).padStart(2, '0');
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} ${pad(date.getHours())}:${pad(date.getMinutes())}`;
}

// Ticks at round values.
export function ticks(low, high, most) {
  const span = high - low;
  if (!(span > 0)) return [low];
  const rough = span / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(factor => factor * power).find(size => size >= rough);
  const first = Math.ceil(low / step - 1e-9) * step;
  const found = [];
  for (let value = first; value <= high + step * 1e-9; value += step) found.push(Math.abs(value) < step * 1e-6 ? 0 : value);
  return found;
}

export function tick(value) {
  const size = Math.abs(value);
  if (size >= 1e6) return `${+(value / 1e6).toPrecision(3)}M`;
  if (size >= 1e4) return `${+(value / 1e3).toPrecision(3)}k`;
  if (size !== 0 && size < 1e-3) return value.toExponential(0);
  return String(+value.toPrecision(4));
}
