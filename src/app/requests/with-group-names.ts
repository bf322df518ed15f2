import type { Cancellation } from "../../core/cancelling/cancellation.js";
import type { Grant } from "../../core/person.js";
import type { Change } from "../on-call/decide-on-call.js";
import type { Directory } from "../ports.js";
import type { GroupNames, View } from "../views.js";
import type { Decision } from "./decision.js";

/** An answer with the names of the groups that it shows; only one that shows any makes the directory be asked. */
export async function withGroupNames(
	deciding: Promise<Decision | Change>,
	{ directory }: { readonly directory: Pick<Directory, "groupNames"> },
): Promise<Decision | Change> {
	const decision = await deciding;
	if (decision.kind !== "show") return decision;
	const { view } = decision;
	if (!(view.view === "refusal" || view.view === "standing" || view.view === "why")) return decision;
	const groups = [...new Set(groupsIn(view))];
	if (groups.length === 0) return decision;
	const groupNames: GroupNames = await directory.groupNames(groups);
	return { ...decision, view: { ...view, groupNames } };
}

function groupsIn(view: Extract<View, { view: "refusal" | "standing" | "why" }>): readonly string[] {
	switch (view.view) {
		case "refusal":
			return view.grantingGroups;
		case "standing":
			return view.standing.kind === "read" ? groupsOf(view.standing.grants) : [];
		case "why":
			return groupsOf(grantsOf(view.cancellation));
	}
}

/** By which they decided, and by which the last call was let through. */
function grantsOf({ attempts, decisions = [] }: Cancellation): readonly Grant[] {
	const last = attempts.at(-1);
	return [...decisions, ...(last ? [last, ...(last.held ?? [])] : [])].map(({ grant }) => grant);
}

function groupsOf(grants: readonly Grant[]): readonly string[] {
	return grants.flatMap((grant) => (grant.by === "group" ? grant.groupId : (grant.viaGroupId ?? [])));
}
