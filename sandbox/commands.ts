import type { Fault } from "./cloud/faults.js";
import type { SeenRequest } from "./cloud/http.js";
import type { Job, JobPlan } from "./cloud/job-life.js";
import { PEOPLE, type Person } from "./cloud/people.js";
import type { Cloud } from "./cloud/start-cloud.js";
import { played } from "./persona-line.js";

const HELP = [
	"In the sandbox you can also type:",
	`- sandbox be ${Object.keys(PEOPLE).join(" | ")}`,
	"- sandbox job recovery | preview (starts one more)",
	"- sandbox job late (ends by itself before a cancel takes effect) | lost (Graph forgets it once it is cancelled)",
	"- sandbox fault slow | 429 | 403 | hang | unclear (Graph takes a cancel, and its answer is lost) | off",
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
	readonly cloud: Pick<Cloud, "faults" | "addJob" | "now">;
	readonly become: (person: Person) => void;
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
			case "job": {
				const plan = JOBS.get(value);
				if (!plan) return HELP;
				const job = startJob(deps.cloud, plan);
				return `A ${job.kind} job runs: ${job.id}`;
			}
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

/** What can be started, by its name. */
const JOBS: ReadonlyMap<string, Partial<JobPlan>> = new Map([
	["recovery", { kind: "recovery" }],
	["preview", { kind: "preview" }],
	["late", { kind: "recovery", endsAfterMs: 12.5 * MINUTE_MS, stopLagMs: 60 * MINUTE_MS }],
	["lost", { kind: "recovery", forgottenWhenCancelled: true }],
]);

/** A job that has been running for twelve minutes, of the hour that it takes unless the plan says otherwise. */
export function startJob(cloud: Pick<Cloud, "addJob" | "now">, plan: Partial<JobPlan>): Job {
	const startedAt = new Date(cloud.now().getTime() - 12 * MINUTE_MS);
	return cloud.addJob({
		startedAt,
		phaseMs: 2 * MINUTE_MS,
		endsAfterMs: 60 * MINUTE_MS,
		stopLagMs: 5_000,
		...plan,
	});
}
