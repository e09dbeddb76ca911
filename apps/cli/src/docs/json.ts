const WIDTH = 110;

/** JSON as prettier formats it: an array on one line where it fits and holds no objects, everything else broken. */
export function formatJson(value: unknown): string {
  return `${render(value, '')}\n`;
}

/** @param before what stands on the line already */
function render(value: unknown, indent: string, before = indent.length): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const plain = value.every((item) => typeof item !== 'object' || item === null);
    const line = `[${value.map((item) => JSON.stringify(item)).join(', ')}]`;
    // One column is left for the comma behind it.
    if (value.length === 0 || (plain && before + line.length < WIDTH)) return line;
    return `[\n${value.map((item) => inner + render(item, inner)).join(',\n')}\n${indent}]`;
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return '{}';
  const lines = entries.map(([key, item]) => {
    const name = `${inner}${JSON.stringify(key)}: `;
    return name + render(item, inner, name.length);
  });
  return `{\n${lines.join(',\n')}\n${indent}}`;
}
