import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Model } from '../model.js';
import { ModelRefused } from '../model-refused.js';
import { MANIFEST_FILE, openVerified, readManifest, type Verification } from '../verify/open-verified.js';
import { isInside } from '../verify/read-inside.js';
import type { ModelSource, ModelSourceSettings } from './model-source.js';
import { elsewhere, inNaturalOrder, requireVersion, requireVersionName } from './version-name.js';

/** A directory that holds a model, or a folder for each version, or both. */
export class DirectorySource implements ModelSource {
  readonly uri: string;

  constructor(
    private readonly settings: ModelSourceSettings,
    private readonly root: string,
  ) {
    this.uri = settings.uri;
  }

  async load(version: string | undefined, passed?: Verification['passed']): Promise<Model> {
    const directory = await this.locate(version);
    passed?.('files', directory);
    const { catalogue, maxBytes } = this.settings;
    const model = await openVerified(directory, { catalogue, maxBytes, ...(passed && { passed }) });
    return { ...model, source: 'directory', ...(version !== undefined && { deployedAs: version }) };
  }

  async versions(): Promise<readonly string[]> {
    const names: string[] = [];
    for (const entry of await readdir(this.root).catch(() => [])) {
      if (await exists(join(this.root, entry, MANIFEST_FILE))) names.push(entry);
    }
    return inNaturalOrder(names);
  }

  private async locate(version: string | undefined): Promise<string> {
    const { root } = this;
    if (version !== undefined) {
      requireVersionName(version);
      const folder = join(root, version);
      if (await exists(folder)) {
        if (!(await isInside(root, folder)))
          throw new ModelRefused('path_outside', `${folder} is a link to somewhere outside of ${root}`);
        return folder;
      }
    }
    if (!(await exists(join(root, MANIFEST_FILE)))) {
      const wanted = version === undefined ? root : `${root}, and no folder ${version} in it`;
      throw new ModelRefused(
        'not_found',
        `there is no manifest.json in ${wanted}${elsewhere(await this.versions())}`,
      );
    }
    if (version !== undefined)
      requireVersion(await readManifest(root, this.settings.maxBytes), version, root);
    return root;
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
