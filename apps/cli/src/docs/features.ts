import { CATALOGUE, CATALOGUE_VERSION, celTypes, type Feature } from '@fraud/features';
import { code, markdownTable } from './markdown-table.js';

/** The entities in the order of the page, with how their state is kept. */
const ENTITIES: readonly (readonly [Feature['entity'], string])[] = [
  ['transaction', 'Transaction: nothing but the transaction itself'],
  ['card', "Card: the card's log"],
  ['merchant', "Merchant: the merchant's ring"],
  ['terminal', "Terminal: the terminal's ring"],
  ['device', "Device: the device's log"],
  ['ip', "Address: the address's log"],
];

/** The catalogue by entity, in the order of the vector. */
export function featureTables(): string {
  const tables = ENTITIES.map(([entity, title]) => {
    const features = CATALOGUE.filter((feature) => feature.entity === entity);
    return `### ${title}\n\n${featureTable(features)}`;
  });
  return [`${CATALOGUE.length} features, catalogue version ${code(CATALOGUE_VERSION)}.`, ...tables].join(
    '\n\n',
  );
}

function featureTable(features: readonly Feature[]): string {
  const types = celTypes(features);
  return markdownTable(
    [
      'Name',
      'State',
      'Window',
      'Aggregate',
      'Unit',
      'CEL type',
      'Includes current',
      'Drift-eligible',
      'Description',
    ],
    features.map((f) => [
      code(f.name),
      f.state,
      f.window ?? '–',
      code(f.aggregate),
      f.unit,
      code(types.get(f.name)!),
      f.entity === 'transaction' ? '–' : yesNo(f.includesCurrent),
      yesNo(f.driftEligible),
      f.description,
    ]),
  );
}

const yesNo = (flag: boolean): string => (flag ? 'yes' : 'no');
