import { APPROVAL_MODES, type ApprovalMode, isApprovalMode, startsAnew } from "./approval-modes.js";
import type { Fault } from "./cloud/faults.js";
import type { SeenRequest } from "./cloud/http.js";
import { type Job, type JobPlan, jobState } from "./cloud/job-life.js";
import { PEOPLE, type Person } from "./cloud/people.js";
import type { Cloud } from "./cloud/start-cloud.js";
import { played } from "./persona-line.js";

/** What each persona may do, which is what they are for. */
const MAY: Readonly<Record<keyof typeof PEOPLE, string>> = {
	admin: "may cancel and approve",
	admin2: "may, too, through a group",
	reader: "may only see jobs",
	nobody: "holds no role",
	guest: "holds the role, but as a guest",
	scoped: "holds the role for a part of the tenant",
	disabled: "holds the role, but is disabled",
};

const HELP = [
	"In the sandbox you can also type:",
	`- sandbox be ${Object.keys(PEOPLE).join(" | ")}`,
	`- sandbox approvals ${Object.keys(APPROVAL_MODES).join(" | ")} (the bot starts anew with it; says what to try)`,
	"- sandbox job recovery | preview (starts one more)",
	"- sandbox job late (ends by itself before a cancel takes effect) | lost (Graph forgets it once it is cancelled)",
	"- sandbox job stalled (has been in its first phase for two hours) | short (completes in 40 seconds)",
	"- sandbox fail | finish (the job that was started last; or give the beginning of an id)",
	"- sandbox fault slow | 429 | 403 | hang | unclear (Graph takes a cancel, and its answer is lost) | off",
	"",
	"Who may what:",
	...Object.entries(MAY).map(([key, may]) => `- ${PEOPLE[key as keyof typeof PEOPLE].name} (${key}) ${may}`),
].join("\n");

const isGraph = (request: SeenRequest) => /^\/(beta|v1\.0)\//u.test(request.path);
const isCancel = (request: SeenRequest) => request.method === "POST" && /cancel$/u.test(request.path);
const error = (code: string) => ({ error: { code, message: code } });

const FAULTS: ReadonlyMap<string, Fault> = new Map([
	["slow", { match: isGraph, do: { delayMs: 4_000 } }],
	["hang", { match: isGraph, do: "hang" }],
	[
		"429",
		{
			match: isCancel,
			do: { status: 429, body: error("TooManyRequests"), headers: { "retry-after": "7.5" } },
		},
	],
	["unclear", { match: isCancel, do: { after: "reset" } }],
	["403", { match: isCancel, do: { status: 403, body: error("Authorization_RequestDenied") } }],
]);

/** Understands `sandbox …` from the chat or the shell; `undefined` for everything else. */
export function createCommands(deps: {
	readonly cloud: Pick<Cloud, "faults" | "addJob" | "jobs" | "now">;
	readonly become: (person: Person) => void;
	/** Has the bot started anew, which takes a while. */
	readonly useApprovals: (mode: ApprovalMode) => void;
}): (text: string) => string | undefined {
	return (text) => {
		const [first, verb, value = ""] = text.trim().toLowerCase().split(/\s+/u);
		if (first !== "sandbox") return undefined;
		switch (verb) {
			case "be": {
				const person = Object.values(PEOPLE).find(({ key }) => key === value);
				if (!person) return HELP;
				deps.become(person);
				return `You are now ${played(person)}.`;
			}
			case "approvals": {
				if (!isApprovalMode(value)) return HELP;
				deps.useApprovals(value);
				return startsAnew(value);
			}
			case "job": {
				const plan = JOBS.get(value);
				if (!plan) return HELP;
				const job = startJob(deps.cloud, plan);
				return `A ${job.kind} job runs: ${job.id}`;
			}
			case "fail":
				return endJob(deps.cloud, value, "failed");
			case "finish":
				return endJob(deps.cloud, value, "successful");
			case "fault": {
				const fault = FAULTS.get(value);
				if (!fault && value !== "off") return HELP;
				deps.cloud.faults.clear();
				if (!fault) return "Graph behaves.";
				deps.cloud.faults.add(fault);
				return `Graph now misbehaves: ${value}`;
			}
			default:
				return HELP;
		}
	};
}

const MINUTE_MS = 60_000;

type StartPlan = Omit<Partial<JobPlan>, "startedAt"> & { readonly startedMsAgo?: number };

/** What can be started, by its name. */
const JOBS: ReadonlyMap<string, StartPlan> = new Map([
	["recovery", { kind: "recovery" }],
	["preview", { kind: "preview" }],
	["late", { kind: "recovery", endsAfterMs: 12.5 * MINUTE_MS, stopLagMs: 60 * MINUTE_MS }],
	["lost", { kind: "recovery", forgottenWhenCancelled: true }],
	[
		"stalled",
		{ kind: "recovery", startedMsAgo: 120 * MINUTE_MS, stalls: true, endsAfterMs: 600 * MINUTE_MS },
	],
	["short", { kind: "recovery", endsAfterMs: 12 * MINUTE_MS + 40_000 }],
]);

/** A job that has been running for twelve minutes, of the hour that it takes unless the plan says otherwise. */
export function startJob(
	cloud: Pick<Cloud, "addJob" | "now">,
	{ startedMsAgo = 12 * MINUTE_MS, ...plan }: StartPlan,
): Job {
	const startedAt = new Date(cloud.now().getTime() - startedMsAgo);
	return cloud.addJob({
		startedAt,
		phaseMs: 2 * MINUTE_MS,
		endsAfterMs: 60 * MINUTE_MS,
		stopLagMs: 5_000,
		...plan,
	});
}

/** Ends the running job whose id begins so, or the youngest one. */
function endJob(
	{ jobs, now }: Pick<Cloud, "jobs" | "now">,
	idBegin: string,
	as: NonNullable<Job["ended"]>["as"],
): string {
	const job = jobs().findLast(
		(one) => one.id.startsWith(idBegin) && jobState(one, now()).endedAt === undefined,
	);
	if (!job) return "No such job runs. Start one: sandbox job recovery";
	job.ended = { at: now(), as };
	return `The ${job.kind} job ${as === "failed" ? "has failed" : "is completed"}: ${job.id}`;
}
