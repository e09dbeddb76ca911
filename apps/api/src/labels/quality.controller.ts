import {
  qualityReport,
  scoreEdges,
  scoreReport,
  THRESHOLD_NAMES,
  type QualityReport,
  type ScoreReport,
} from '@fraud/records';
import { Engine } from '@fraud/scoring';
import { LABEL_RECORDS, type LabelRecords } from '@fraud/service';
import { applyDecorators, Controller, Get, Inject, Query, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { AdminGuard } from '../admin/admin.guard.js';
import { askRecords } from './ask-records.js';
import { away, from, horizonDays, json, refused, to } from './documented.js';
import { learnFrom, MOST_ALTERNATIVES, readQuality, readScores } from './read-quality.js';

type Given = Readonly<Record<string, unknown>>;

/** One parameter for each threshold. */
const alternatives = applyDecorators(
  ...THRESHOLD_NAMES.map((name) =>
    ApiQuery({
      name,
      required: false,
      description: `Where the threshold of \`${name}\` might lie: up to ${MOST_ALTERNATIVES} numbers from 0 to 1, with commas between. Without any for any threshold, a grid`,
      schema: { type: 'string', examples: ['0.85', '0.8,0.85'] },
    }),
  ),
);

/** How good decisions were, for administrators: what is told of scores says where the thresholds lie. */
@ApiTags('labels')
@UseGuards(AdminGuard)
@Controller('v1/quality')
export class QualityController {
  constructor(
    @Inject(LABEL_RECORDS) private readonly records: LabelRecords | null,
    @Inject(Engine) private readonly engine: Engine,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'How good decisions were, by week of transactions, as far as labels say',
    description:
      'Fraud becomes known late, so each week says which share of its fraud labels should have come by now (`maturity`); only from ' +
      '95 % on what has no label counts as legitimate. Weeks begin on Monday, UTC, and are always whole.',
    operationId: 'quality',
  })
  @from
  @to
  @horizonDays
  @ApiResponse({ status: 200, description: 'Weeks, oldest first', content: json('QualityReport') })
  @refused
  @away
  async quality(@Query() query: Given): Promise<QualityReport> {
    const now = Date.now();
    const read = readQuality(query, now);
    const data = await askRecords(this.records, (store) => store.quality(learnFrom(read, now), read.toMs));
    return qualityReport(data, now, read);
  }

  @Get('scores')
  @ApiOperation({
    summary: 'Whether scores are probabilities, and what other thresholds would have stopped, in money',
    description:
      'Of mature weeks alone: their frauds are known, and what has no label counts as legitimate. Calibration is by model and score: ' +
      'what it said against what came of it. A what-if moves one threshold, and counts what labels say of the transactions that it would have ' +
      'hit: one that was declined seldom gets a label, and then counts as legitimate whatever it was. What no threshold decided (a fallback, a ' +
      'bypass, a degraded answer) stays as it was, and is counted apart. Of histories nothing changes: `npm run backtest` decides anew.',
    operationId: 'qualityOfScores',
  })
  @from
  @to
  @horizonDays
  @alternatives
  @ApiResponse({
    status: 200,
    description: 'By model, and by threshold; `not_known` says why where nothing can be said yet',
    content: json('ScoreReport'),
  })
  @refused
  @away
  async scores(@Query() query: Given): Promise<ScoreReport> {
    const now = Date.now();
    const { content, version } = this.engine.policy.inForce;
    const { step_up, review, decline } = content.thresholds;
    const read = readScores(query, { step_up, review, decline }, version, now);
    const range = {
      fromMs: read.fromMs,
      toMs: read.toMs,
      learnFromMs: learnFrom(read, now),
      edges: scoreEdges(read.alternatives),
    };
    return scoreReport(await askRecords(this.records, (store) => store.scores(range)), now, read);
  }
}
