/**
 * Where an HTTP request waits for the answer that another task of this process is finding. Nothing is
 * decided here and nothing is lost with it: the answer itself is in the database.
 */
export interface WaitingRoom {
	/** Resolves when the request is answered, or after `limitMs`, whichever comes first. */
	wait(requestId: string, limitMs: number): Promise<void>;
	answered(requestId: string): void;
}

export function createWaitingRoom(): WaitingRoom {
	const waiting = new Map<string, () => void>();
	return {
		wait(requestId, limitMs) {
			return new Promise((resolve) => {
				const leave = () => {
					clearTimeout(timer);
					waiting.delete(requestId);
					resolve();
				};
				const timer = setTimeout(leave, limitMs);
				waiting.set(requestId, leave);
			});
		},
		answered(requestId) {
			waiting.get(requestId)?.();
		},
	};
}
