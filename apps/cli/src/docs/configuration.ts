import { SETTINGS, type Setting } from '@fraud/platform';
import { code, markdownTable } from './markdown-table.js';

/** Every setting, from the schema that validates it. */
export function configurationTable(): string {
  const settings: [string, Setting][] = Object.entries(SETTINGS);
  return markdownTable(
    ['Variable', 'Default', 'What it is', 'Right values'],
    settings.map(([name, setting]) => [
      code(name),
      setting.default === undefined ? 'not set' : code(setting.default),
      setting.description,
      setting.expected,
    ]),
  );
}
