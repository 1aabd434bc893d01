/** The answers to what was asked last, so that the same is not worked out again; an error is asked for anew. */
export class Recent<Answer> {
  readonly #limit: number;
  readonly #answers = new Map<string, Promise<Answer>>();

  /** `limit`: how many answers are kept. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get(question: string, ask: () => Promise<Answer>): Promise<Answer> {
    const answer = this.#answers.get(question) ?? this.#forgetting(question, ask());
    // Last in the map is what was asked last.
    this.#answers.delete(question);
    this.#answers.set(question, answer);
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > this.#limit && oldest !== undefined) this.#answers.delete(oldest);
    return answer;
  }

  clear(): void {
    this.#answers.clear();
  }

  #forgetting(question: string, answer: Promise<Answer>): Promise<Answer> {
    answer.catch(() => {
      if (this.#answers.get(question) === answer) this.#answers.delete(question);
    });
    return answer;
  }
}
