// Answers of the server can overtake each other; what was asked last is what counts.

/** A question that may be asked again before it was answered: an answer that came too late is thrown away (`null`). */
export function newest<Asked extends unknown[], Answer>(
  ask: (...asked: Asked) => Promise<Answer>,
): (...asked: Asked) => Promise<Answer | null> {
  let last = 0;
  return async (...asked) => {
    const mine = (last += 1);
    try {
      const answer = await ask(...asked);
      return mine === last ? answer : null;
    } catch (error) {
      if (mine === last) throw error;
      return null;
    }
  };
}
