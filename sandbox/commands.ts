import type { Fault } from "./cloud/faults.js";
import type { SeenRequest } from "./cloud/http.js";
import type { Job } from "./cloud/job-life.js";
import { PEOPLE, type Person } from "./cloud/people.js";
import type { Cloud } from "./cloud/start-cloud.js";

const HELP = [
	"In the sandbox you can also type:",
	`- sandbox be ${Object.keys(PEOPLE).join(" | ")}`,
	"- sandbox job recovery | preview (starts one more)",
	"- sandbox fault slow | 429 | 403 | hang | off (Graph misbehaves)",
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
				return `You are now ${person.name} (${person.key}).`;
			}
			case "job": {
				if (value !== "recovery" && value !== "preview") return HELP;
				const job = startJob(deps.cloud, value);
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

/** A job that has been running for some minutes and will go on for an hour. */
export function startJob(cloud: Pick<Cloud, "addJob" | "now">, kind: Job["kind"]): Job {
	const startedAt = new Date(cloud.now().getTime() - 12 * 60_000);
	return cloud.addJob({ kind, startedAt, phaseMs: 2 * 60_000, endsAfterMs: 60 * 60_000, stopLagMs: 5_000 });
}
