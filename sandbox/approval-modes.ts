/** What `sandbox approvals` can be told, each with the settings of the bot that it stands for. */
export const APPROVAL_MODES = {
	off: { APPROVALS: "off", EMERGENCY_OVERRIDE: "false" },
	"on-request": { APPROVALS: "on-request", EMERGENCY_OVERRIDE: "false" },
	"two-person": { APPROVALS: "two-person", EMERGENCY_OVERRIDE: "true" },
} as const;

export type ApprovalMode = keyof typeof APPROVAL_MODES;

/** What to try with each, in the order in which it is typed. */
const TRY: Readonly<Record<ApprovalMode, string>> = {
	off: 'Whoever lacks the role is refused. Type "sandbox be nobody" and cancel a job.',
	"on-request":
		'Type "sandbox be nobody", cancel a job and press "Ask for approval"; then "sandbox be admin" and press "Approve" on the card.',
	"two-person":
		'Cancel a recovery job as admin; then "sandbox be admin2" and press "Approve". Alone: cancel job <id> --emergency because …, which admin2 reviews.',
};

export function isApprovalMode(word: string): word is ApprovalMode {
	return Object.hasOwn(APPROVAL_MODES, word);
}

/** What the sandbox answers when the bot is started anew with other settings. */
export function startsAnew(mode: ApprovalMode): string {
	const { APPROVALS, EMERGENCY_OVERRIDE } = APPROVAL_MODES[mode];
	const settings = `APPROVALS=${APPROVALS} and EMERGENCY_OVERRIDE=${EMERGENCY_OVERRIDE}`;
	return `The bot starts anew with ${settings}; what you type waits for it. ${TRY[mode]}`;
}
