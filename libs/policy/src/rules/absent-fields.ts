import type { ASTNode } from '@marcbachmann/cel-js';

/** An access to a field that a transaction may lack, without anything having been said for that case. */
export interface UnguardedField {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

type Known = ReadonlySet<string>;

const NONE: Known = new Set();

/**
 * The accesses to optional fields of `transaction` that could meet a transaction without them: not behind `has(…) &&`, not in the
 * branch of a condition that has asked, not behind `!has(…) ||`.
 */
export function unguardedFields(expression: ASTNode, optional: ReadonlySet<string>): UnguardedField[] {
  const found: UnguardedField[] = [];
  const visit = (node: ASTNode, known: Known): void => {
    const field = fieldOf(node);
    if (field !== null) {
      if (optional.has(field) && !known.has(field))
        found.push({ name: field, start: node.range.start, end: node.range.end });
      return;
    }
    if (asked(node) !== null) return;
    switch (node.op) {
      case '&&':
        visit(node.args[0], known);
        visit(node.args[1], union(known, knownIf(node.args[0], true)));
        return;
      case '||':
        visit(node.args[0], known);
        visit(node.args[1], union(known, knownIf(node.args[0], false)));
        return;
      case '?:':
        visit(node.args[0], known);
        visit(node.args[1], union(known, knownIf(node.args[0], true)));
        visit(node.args[2], union(known, knownIf(node.args[0], false)));
        return;
      default:
        for (const part of partsOf(node.args)) visit(part, known);
    }
  };
  visit(expression, NONE);
  return found;
}

/** The field of `transaction.field`; null of anything else. `transaction.?field` says itself that it may lack. */
function fieldOf(node: ASTNode): string | null {
  return node.op === '.' && node.args[0].op === 'id' && node.args[0].args === 'transaction'
    ? node.args[1]
    : null;
}

/** The field that `has(transaction.field)` asks for. */
function asked(node: ASTNode): string | null {
  if (node.op !== 'call' || node.args[0] !== 'has') return null;
  const [argument] = node.args[1];
  return argument === undefined ? null : fieldOf(argument);
}

/** The fields that are there where an expression is true, or false. */
function knownIf(node: ASTNode, value: boolean): Known {
  const field = asked(node);
  if (field !== null) return value ? new Set([field]) : NONE;
  if (node.op === '!_') return knownIf(node.args, !value);
  if (node.op !== '&&' && node.op !== '||') return NONE;
  const [left, right] = node.args.map((part) => knownIf(part, value)) as [Known, Known];
  // Both operands have that value, or at least one.
  return (node.op === '&&') === value
    ? union(left, right)
    : new Set([...left].filter((name) => right.has(name)));
}

const union = (a: Known, b: Known): Known => (b.size === 0 ? a : new Set([...a, ...b]));

/** The nodes among what a node holds, however deep its lists go. */
function partsOf(held: unknown): ASTNode[] {
  if (Array.isArray(held)) return held.flatMap(partsOf);
  return typeof held === 'object' && held !== null && 'op' in held ? [held as ASTNode] : [];
}
