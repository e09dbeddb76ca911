/** @typedef {{ stages: string[], problems: string[] }} Dockerfile stages: by name, or by number where they have none */

/**
 * What can be said of a Dockerfile without building it: its stages, and what they copy that is not there.
 * @param {string} text @param {(source: string) => boolean} exists in the build's context
 * @returns {Dockerfile}
 */
export function readDockerfile(text, exists) {
  /** @type {string[]} */
  const stages = [];
  /** @type {string[]} */
  const problems = [];
  for (const line of instructionsOf(text)) {
    const [instruction = '', ...words] = line.split(/\s+/);
    if (instruction === 'FROM') stages.push(/\sAS\s+(\S+)$/i.exec(line)?.[1] ?? String(stages.length));
    if (instruction !== 'COPY' && instruction !== 'ADD') continue;
    if (stages.length === 0) problems.push(`${line}: before the first FROM`);
    const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
    const sources = words.filter((word) => !word.startsWith('--')).slice(0, -1);
    if (from === undefined)
      problems.push(...sources.filter((source) => !exists(source)).map((source) => `${line}: no ${source}`));
    else if (!stages.slice(0, -1).includes(from)) problems.push(`${line}: no stage ${from} before it`);
  }
  if (stages.length === 0) problems.push('no FROM');
  return { stages, problems };
}

/** @param {string} text @returns {string[]} each on one line, without comments */
function instructionsOf(text) {
  return text
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replaceAll(/\s*\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
