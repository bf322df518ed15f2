import { describe, expect, it } from "@jest/globals";
import { type Fresh, JustRead } from "../../../src/app/cancelling/just-read.js";
import { ADMIN_ROLE, person } from "../world.js";

const anna = person("anna", "Anna");
const READ_AT = new Date("2026-11-23T03:00:00Z");
const later = (ms: number) => new Date(READ_AT.getTime() + ms);

function held(at = READ_AT): Fresh {
	const grant = { by: "role", roleId: ADMIN_ROLE.id, roleName: ADMIN_ROLE.name } as const;
	const standing = {
		kind: "read",
		accountEnabled: true,
		guest: false,
		grants: [grant],
		scopedRoles: [],
	} as const;
	return { jobId: "job", actor: anna, grant, standing: { ...standing, at: at.toISOString() } };
}

describe("what was just read to open a cancellation", () => {
	it("is there for its submit, once", () => {
		const justRead = new JustRead();
		const kept = held();
		justRead.keep("c-1", kept);
		expect(justRead.take("c-2", READ_AT)).toBeUndefined();
		expect(justRead.take("c-1", later(2_000))).toBe(kept);
		expect(justRead.take("c-1", READ_AT)).toBeUndefined();
	});

	it("is not there any more after two seconds", () => {
		const justRead = new JustRead();
		justRead.keep("c-1", held());
		expect(justRead.take("c-1", later(2_001))).toBeUndefined();
	});

	it("is forgotten once it is old, although nobody asked for it; what is fresh stays", () => {
		const justRead = new JustRead();
		justRead.keep("old", held());
		justRead.keep("fresh", held(later(1)));
		justRead.keep("new", held(later(2_001)));
		expect(justRead.take("old", READ_AT)).toBeUndefined();
		expect(justRead.take("fresh", later(2_001))).toBeDefined();
	});
});
