import type { Cardholder } from '../simulator/cardholder.js';
import { reissue } from '../simulator/cardholder.js';
import type { Purchase } from '../simulator/purchase.js';
import type { Random } from '../simulator/random.js';
import type { World } from '../simulator/world.js';

/** A way of committing fraud. */
export interface FraudScenario {
  /** Name in labels. */
  readonly name: string;
  /** Share of all fraudulent transactions. */
  readonly share: number;
  /** Transactions that an average campaign makes; measured, so that the wanted level of fraud comes out. */
  readonly size: number;
  /** Days that a campaign needs before its first purchase; 0 by default. */
  readonly leadDays?: number;
  /** The purchases of one campaign in order of time, decided as time goes by. */
  run(campaign: Campaign): Generator<Step, void>;
}

/** One run of a scenario. */
export interface Campaign {
  readonly world: World;
  readonly random: Random;
  readonly startMs: number;
  /**
   * How well the fraudster hides, 0 to 1: habitual amounts, habitual hours, patience. The experts are the ones that
   * no detector should be expected to find.
   */
  readonly skill: number;
}

/** A purchase, or null to be woken at that time and look around again. */
export interface Step {
  readonly at: number;
  readonly purchase: Purchase | null;
}

/** A card that is neither blocked nor used by another fraudster; null when none was found in a few tries. */
export function chooseVictim(campaign: Campaign, at: number): Cardholder | null {
  for (let attempt = 0; attempt < 20; attempt++) {
    const holder = campaign.random.pick(campaign.world.holders);
    if (claim(holder, at)) return holder;
  }
  return null;
}

/** Takes the card for a campaign, until `release`. False if somebody has it. */
export function claim(holder: Cardholder, at: number): boolean {
  if (at < holder.attackedUntilMs || at < holder.blockedUntilMs) return false;
  holder.attackedUntilMs = Infinity;
  return true;
}

/** The campaign leaves the card; mostly the holder has noticed and gets a new one. */
export function release(campaign: Campaign, holder: Cardholder, at: number): void {
  holder.attackedUntilMs = at;
  if (campaign.random.chance(0.75)) reissue(holder, campaign.world.simulation.tag, at, campaign.random);
}

/** Plays purchases that were planned together, in order of time. */
export function* play(purchases: Purchase[]): Generator<Step, void> {
  for (const purchase of purchases.toSorted((a, b) => a.at - b.at)) yield { at: purchase.at, purchase };
}

/** From the value for a bungler to the value for an expert. */
export function bySkill(skill: number, bungler: number, expert: number): number {
  return bungler + (expert - bungler) * skill;
}
