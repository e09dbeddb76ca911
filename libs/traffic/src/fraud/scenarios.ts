import { accountTakeover } from './account-takeover.js';
import { cardTesting } from './card-testing.js';
import { compromisedMerchant } from './compromised-merchant.js';
import { impossibleTravel } from './impossible-travel.js';
import type { FraudScenario } from './scenario.js';
import { stolenCard } from './stolen-card.js';

/** All scenarios; their shares add up to one. */
export const SCENARIOS: readonly FraudScenario[] = [
  cardTesting,
  stolenCard,
  compromisedMerchant,
  accountTakeover,
  impossibleTravel,
];
