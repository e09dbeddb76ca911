import { describe, expect, it } from 'vitest';
import { pomOf } from './maven.mjs';

describe('the pom of jars to fetch', () => {
  it('names what is asked for, with versions, and the version of the plugin that copies', () => {
    const pom = pomOf(['org.example:one_2.13:1.2.3', 'org.example:two:4']);
    expect(pom).toContain(
      '<groupId>org.example</groupId><artifactId>one_2.13</artifactId><version>1.2.3</version>',
    );
    expect(pom).toContain('<artifactId>two</artifactId><version>4</version>');
    expect(pom).toMatch(/maven-dependency-plugin<\/artifactId><version>\d/);
  });
});
