import { describe, expect, it } from 'vitest';
import { parseRunbook } from './parse.mjs';

const SAMPLE = `# Runbook

| What | \`in a table\` |

## Health

\`\`\`bash
# Basic health check
curl http://localhost:8000/health

# Expected response:
{
  "status": "healthy",
  "parts": {
    "a": 1
  }
}
curl -s localhost:8000/metrics | grep '# HELP'   # all of them
\`\`\`

Text with \`a command\` in it.

## Deployment

1. Scale: \`kubectl scale deployment a --replicas=5\`, then \`kubectl get pods\`
2. Increase \`max_poll_records\`

   ~~~sh
   $ kubectl set image deployment/a \\
       api=registry/a:v1 \\
       -n a

   cat file |
     wc -l
   ~~~

\`\`\`yaml
minReplicas: 3
# a comment
\`\`\`
`;

describe('parseRunbook', () => {
  const items = parseRunbook(SAMPLE);

  it('finds every command, on one line and without comments', () => {
    expect(items.filter(({ kind }) => kind === 'command').map(({ line, text }) => [line, text])).toEqual([
      [9, 'curl http://localhost:8000/health'],
      [18, "curl -s localhost:8000/metrics | grep '# HELP'"],
      [25, 'kubectl scale deployment a --replicas=5'],
      [25, 'kubectl get pods'],
      [29, 'kubectl set image deployment/a api=registry/a:v1 -n a'],
      [33, 'cat file | wc -l'],
    ]);
  });

  it('tells what a command prints from what is typed', () => {
    const answers = items.filter(({ kind }) => kind === 'answer');
    expect(answers.map(({ line, text }) => [line, JSON.parse(text)])).toEqual([
      [12, { status: 'healthy', parts: { a: 1 } }],
    ]);
  });

  it('finds settings in lists, and blocks of other languages', () => {
    expect(items.filter(({ kind }) => kind === 'setting').map(({ text }) => text)).toEqual([
      'max_poll_records',
    ]);
    expect(items.filter(({ kind }) => kind === 'document')).toEqual([
      {
        kind: 'document',
        line: 38,
        text: 'minReplicas: 3\n# a comment',
        language: 'yaml',
        section: 'Deployment',
      },
    ]);
  });

  it('knows the heading above, and keeps the order', () => {
    expect(items.map(({ section }) => section)).toEqual([
      ...Array<string>(3).fill('Health'),
      ...Array<string>(6).fill('Deployment'),
    ]);
    const lines = items.map(({ line }) => line);
    expect(lines).toEqual(lines.toSorted((a, b) => a - b));
  });

  it('takes a block in no language it knows for a document, so that nothing is passed over', () => {
    expect(parseRunbook('```\nrm -r /\n```')).toMatchObject([{ kind: 'document', text: 'rm -r /' }]);
  });

  it('refuses what has no end', () => {
    expect(() => parseRunbook('a\n```bash\nls')).toThrow('the fenced block of line 2 has no end');
    expect(() => parseRunbook('```bash\n{\n```')).toThrow('the answer of line 2 has no end');
  });
});
