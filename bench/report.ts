import { quantile, type Samples } from "./measure/samples.js";
import type { SideName } from "./sides.js";

/** One line of the table. */
interface Row {
	readonly key: string;
	readonly name: string;
	readonly digits: number;
	/** What is made of the samples; the median unless it says otherwise. */
	readonly share?: number;
}

/** In the order in which they are printed; `bench/README.md` says how each is measured. */
const ROWS: readonly Row[] = [
	{ key: "idleCpu", name: "idle CPU, % of a core", digits: 2 },
	{ key: "idleCpuServer", name: "… of its PostgreSQL server", digits: 2 },
	{ key: "idleStatements", name: "idle SQL statements a second", digits: 1 },
	{ key: "post", name: "one user: activity to POST, ms", digits: 0 },
	{ key: "firstCard", name: "one user: activity to first card, ms", digits: 0 },
	{ key: "followUp", name: "one user: activity to follow-up card, ms", digits: 0 },
	{ key: "acknowledge", name: "acknowledge, p95 at 5/s, ms", digits: 0, share: 0.95 },
	{ key: "perSecond", name: "cancels a second, 32 users in a closed loop", digits: 1 },
	{ key: "cpu", name: "CPU ms a cancel, whole life", digits: 1 },
	{ key: "cpuServer", name: "… in its PostgreSQL server", digits: 1 },
	{ key: "statements", name: "SQL statements a cancel", digits: 0 },
	{ key: "graphCalls", name: "Graph calls a cancel, without polls", digits: 1 },
	{ key: "graphRequests", name: "… in HTTP requests", digits: 1 },
	{ key: "cards", name: "cards sent or updated a cancel", digits: 1 },
	...[100, 1_000, 3_000, 10_000].flatMap(watchRows),
	{ key: "rss", name: "idle RSS, MB", digits: 0 },
	{ key: "rssFirst", name: "… after the very first start", digits: 0 },
	{ key: "start", name: "start to ready with data, ms", digits: 0 },
	{ key: "firstStart", name: "very first start to ready, ms", digits: 0 },
	{ key: "help", name: "`help` while 200 follow-up cards go out, s", digits: 2 },
	{ key: "burst", name: "… until all 200 are out, s", digits: 1 },
	{ key: "cloudCpu", name: "(the fake cloud in the closed loop, % of a core)", digits: 0 },
];

function watchRows(jobs: number): Row[] {
	const due = (jobs / 30).toFixed(1);
	const name = `${jobs.toLocaleString("en")} jobs followed: polls a second, of ${due} due`;
	return [
		{ key: `polls${jobs}`, name, digits: 1 },
		{ key: `late${jobs}`, name: "… p95 late, ms", digits: 0 },
		{ key: `watchCpu${jobs}`, name: "… CPU, % of a core", digits: 1 },
		{ key: `watchCpuServer${jobs}`, name: "… CPU of its PostgreSQL server, % of a core", digits: 1 },
	];
}

const COLUMNS: Readonly<Record<SideName, string>> = {
	echo: "echo",
	naive: "naive",
	"ours-embedded": "embedded",
	"ours-postgres": "PostgreSQL",
};

/** The table in Markdown: first how often naive's figure each of ours is, then the figures themselves. */
export function table(samples: Samples, sides: readonly SideName[]): string {
	const rated = sides.includes("naive") ? sides.filter((side) => side.startsWith("ours")) : [];
	const head = [
		"Figure",
		...rated.map((side) => `${COLUMNS[side]} ÷ naive`),
		...sides.map((side) => COLUMNS[side]),
	];
	const lines = ROWS.filter(({ key }) => samples.has(key)).map((row) => {
		const value = (side: SideName) => quantile(samples.of(row.key, side), row.share ?? 0.5);
		const naive = value("naive");
		return [
			row.name,
			...rated.map((side) => ratio(value(side), naive)),
			...sides.map((side) => value(side)?.toFixed(row.digits) ?? "-"),
		];
	});
	return [head, head.map((_, index) => (index === 0 ? "---" : "---:")), ...lines]
		.map((cells) => `| ${cells.join(" | ")} |`)
		.join("\n");
}

function ratio(value: number | undefined, naive: number | undefined): string {
	if (value === undefined || naive === undefined || naive === 0) return "-";
	return `${(value / naive).toFixed(2)}x`;
}
