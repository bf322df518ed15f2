import type { OnCallGroup } from "../app/ports.js";
import { createGraphCaller } from "./create-graph-caller.js";
import type { GraphDeps } from "./graph-call.js";
import { toReadProblem } from "./problem.js";
import { readMemberships, readPeople } from "./read-directory.js";

/** For one look-up, in milliseconds. */
const LOOK_UP_MS = 8_000;

/**
 * The group of whoever is on call (`ONCALL_GROUP`), read over Microsoft Graph v1.0 each time. With PIM for Groups
 * its members are those who have activated their membership.
 *
 * @throws when the endpoint is not https
 */
export function createOnCallGroup(deps: GraphDeps & { readonly groupId: string | undefined }): OnCallGroup {
	const { groupId } = deps;
	const caller = createGraphCaller(deps);
	const reading = () => {
		const end = performance.now() + LOOK_UP_MS;
		return { caller, leftMs: () => end - performance.now() };
	};
	return {
		set: groupId !== undefined,
		async includes({ userId }) {
			if (groupId === undefined) return { kind: "read", member: false };
			const read = await readMemberships(userId, [groupId], reading());
			if (read.kind === "problem") return toReadProblem(read);
			return { kind: "read", member: read.includes(groupId) };
		},
		async people() {
			if (groupId === undefined) return { kind: "listed", people: [] };
			const read = await readPeople(groupId, reading());
			if (read.kind === "problem") return toReadProblem(read);
			const people = read.rows.map(({ id, displayName }) => ({
				userId: id.toLowerCase(),
				name: displayName ?? "",
			}));
			return { kind: "listed", people };
		},
	};
}
