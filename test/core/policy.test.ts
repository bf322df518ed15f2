import { describe, expect, it } from "@jest/globals";
import type { Grant, Standing } from "../../src/core/person.js";
import { decide, isOutage, lacksRole, type PolicySettings, refuseStranger } from "../../src/core/policy.js";

const admin = { id: "admin-role", name: "Entra Backup Administrator" };
const reader = { id: "reader-role", name: "Entra Backup Reader" };
const settings: PolicySettings = {
	tenantId: "AAAAAAAA-0000-4000-8000-000000000000",
	allowGuests: false,
	reasonRequired: false,
	cancelRoles: [admin],
	cancelGroups: ["approvers"],
	viewRoles: [admin, reader],
};
const anna = { tenantId: settings.tenantId.toLowerCase(), userId: "aaaaaaaa-0000-4000-8000-000000000001" };
const held = (role: typeof admin): Grant => ({ by: "role", roleId: role.id, roleName: role.name });
const standing = (grants: Grant[], more: Partial<Extract<Standing, { kind: "read" }>> = {}): Standing => ({
	kind: "read",
	at: "",
	accountEnabled: true,
	guest: false,
	grants,
	scopedRoles: [],
	...more,
});

describe("policy", () => {
	it.each([
		"",
		"anna",
		"me",
		"../groups",
		`${"a".repeat(8)}-0000-4000-8000-00000000000g`,
		" aaaaaaaa-0000-4000-8000-000000000001",
		"aaaaaaaa-0000-4000-8000-000000000001/groups",
	])("takes %j for nobody, since Entra's object ids are GUIDs", (userId) => {
		const verdict = { allowed: false, rule: "no-identity" };
		expect(refuseStranger({ ...anna, userId }, settings)).toEqual(verdict);
		expect(decide("cancel", { ...anna, userId }, standing([held(admin)]), settings)).toEqual(verdict);
	});

	it("lets somebody who holds the role cancel, and names the grant that decided", () => {
		expect(decide("cancel", anna, standing([held(admin)]), settings)).toEqual({
			allowed: true,
			rule: "role",
			grant: held(admin),
		});
	});

	it("lets members of a configured group cancel and look", () => {
		const grant: Grant = { by: "group", groupId: "approvers" };
		expect(decide("cancel", anna, standing([grant]), settings)).toMatchObject({
			allowed: true,
			rule: "group",
		});
		expect(decide("view", anna, standing([grant]), settings)).toMatchObject({ allowed: true });
	});

	it("lets a reader look, not cancel", () => {
		expect(decide("view", anna, standing([held(reader)]), settings).allowed).toBe(true);
		expect(decide("cancel", anna, standing([held(reader)]), settings)).toEqual({
			allowed: false,
			rule: "no-role",
		});
	});

	it("denies who holds a role over a part of the directory alone, and tells it when that role would do", () => {
		const ruleFor = (...names: string[]) => {
			const scopedRoles = names.map((roleName) => ({ roleName, scope: "/administrativeUnits/berlin" }));
			return decide("cancel", anna, standing([], { scopedRoles }), settings);
		};
		expect(ruleFor(admin.name)).toEqual({ allowed: false, rule: "scoped-role" });
		expect(ruleFor(reader.name, admin.name)).toEqual({ allowed: false, rule: "scoped-role" });
		expect(ruleFor(reader.name)).toEqual({ allowed: false, rule: "no-role" });
		const two = { ...settings, cancelRoles: [reader, admin] };
		const scopedRoles = [{ roleName: admin.name, scope: "/administrativeUnits/berlin" }];
		expect(decide("cancel", anna, standing([], { scopedRoles }), two).rule).toBe("scoped-role");
	});

	it.each([
		["no-role", true],
		["scoped-role", true],
		["guest", false],
		["account-disabled", false],
		[undefined, false],
	] as const)("lacks no more than the role where the rule is %s: %s", (rule, lacks) => {
		expect(lacksRole(rule)).toBe(lacks);
	});

	it("knows an outage of the directory from an account that is not there", () => {
		expect(isOutage({ kind: "unreadable", at: "", why: "timeout", detail: "" })).toBe(true);
		expect(isOutage({ kind: "unreadable", at: "", why: "not-found", detail: "" })).toBe(false);
		expect(isOutage(standing([]))).toBe(false);
	});

	it("denies whoever was not shown to hold anything", () => {
		expect(decide("view", anna, standing([]), settings)).toEqual({ allowed: false, rule: "no-role" });
		const stray: Grant = { by: "group", groupId: "somebody else's" };
		expect(decide("cancel", anna, standing([stray]), settings).allowed).toBe(false);
	});

	it.each(["not-found", "forbidden", "throttled", "timeout", "unavailable"] as const)(
		"denies when the standing is unreadable because of %s",
		(why) => {
			expect(decide("cancel", anna, { kind: "unreadable", at: "", why, detail: "" }, settings)).toEqual({
				allowed: false,
				rule: "unreadable-standing",
				problem: why,
			});
		},
	);

	it("denies disabled accounts and guests, whatever they hold", () => {
		const disabled = standing([held(admin)], { accountEnabled: false });
		expect(decide("cancel", anna, disabled, settings)).toEqual({ allowed: false, rule: "account-disabled" });
		const guest = standing([held(admin)], { guest: true });
		expect(decide("cancel", anna, guest, settings)).toEqual({ allowed: false, rule: "guest" });
		expect(decide("cancel", anna, guest, { ...settings, allowGuests: true }).allowed).toBe(true);
	});

	it("needs no directory to turn strangers away", () => {
		expect(refuseStranger(anna, settings)).toBeUndefined();
		expect(refuseStranger({ ...anna, tenantId: "other" }, settings)).toEqual({
			allowed: false,
			rule: "other-tenant",
		});
		expect(refuseStranger({ ...anna, tenantId: "" }, settings)).toEqual({
			allowed: false,
			rule: "other-tenant",
		});
		expect(refuseStranger({ ...anna, userId: "" }, settings)).toEqual({
			allowed: false,
			rule: "no-identity",
		});
		expect(decide("cancel", { ...anna, tenantId: "other" }, standing([held(admin)]), settings).allowed).toBe(
			false,
		);
	});
});
