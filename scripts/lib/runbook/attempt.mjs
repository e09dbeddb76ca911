/**
 * One way to do what an item of the runbook is to do.
 * @typedef {object} Attempt
 * @property {string} command
 * @property {string} result how it is called in the table where it works
 * @property {Says} says
 * @property {readonly number[]} [codes] with which it ends where it works; 0 without them
 * @property {boolean} [follow] it never ends by itself
 * @property {number} [withinMs] it is repeated for so long, since what it shows comes a moment later
 * @property {number} [limitMs] how long it may take
 * @property {readonly { command: string, says: Says }[]} [after] what shows that it has worked
 * @property {readonly string[]} [documented] what docs/runbook.md must have, since the runbook as it is written does not work
 */

/** What is printed where it works. @typedef {RegExp | ((output: string) => boolean)} Says */

/**
 * What there is to try commands with.
 * @typedef {object} Means
 * @property {import('./cluster.mjs').Cluster | undefined} cluster
 * @property {string} noImage why no image is built; '' where one is
 * @property {string} url of the API
 */

/**
 * @typedef {object} Handler
 * @property {RegExp} matches
 * @property {(command: string, means: Means) => Attempt[]} attempts in their order: the first is the command as it is written, or why it cannot be
 */

/** @param {string} output @param {Says} wanted */
export const says = (output, wanted) => (typeof wanted === 'function' ? wanted(output) : wanted.test(output));
