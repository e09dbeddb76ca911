// The equivalence of both stores over a million transactions, instead of the short form that is part of `npm test`.
process.env['FRAUD_EQUIVALENCE_ROWS'] ??= '1000000';
process.argv.push('--project', 'medium', 'test/medium/equivalence.spec.ts');
await import('./test.mjs');
