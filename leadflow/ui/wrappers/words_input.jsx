// A list of words as chips: Enter or a comma adds one, Backspace takes the last back.
import { useState } from "react";
import { Icon } from "./kit.js";

export function WordsInput({ id, label, values, said = (word) => word, known = [], placeholder, isInvalid, onChange }) {
  const [text, setText] = useState("");
  const keyOf = (word) => known.find((each) => said(each).toLowerCase() === word.toLowerCase()) ?? word;
  const take = (typed) => {
    const fresh = typed.split(/[,;\n]/).map((word) => word.trim()).filter(Boolean).map(keyOf);
    if (fresh.length) onChange([...new Set([...values, ...fresh])]);
    setText("");
  };
  const keys = (event) => {
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && text.trim()) {
      event.preventDefault();
      take(text);
    } else if (event.key === "Backspace" && text === "" && values.length) {
      onChange(values.slice(0, -1));
    }
  };
  return (
    <div className="lf-words" data-invalid={isInvalid || undefined}>
      {values.map((word) => (
        <span key={word} className="lf-chip">
          <bdi className="lf-clip">{said(word)}</bdi>
          <button type="button" className="lf-chip__x" aria-label={`Leave out ${said(word)}`} onClick={() => onChange(values.filter((each) => each !== word))}><Icon name="X" size={12} /></button>
        </span>
      ))}
      <input
        className="lf-words__input" aria-label={label} aria-invalid={isInvalid} value={text} list={known.length ? `${id}-known` : undefined} autoComplete="off"
        placeholder={values.length ? "" : placeholder} onChange={(event) => (/[,;\n]/.test(event.target.value) ? take(event.target.value) : setText(event.target.value))} onKeyDown={keys} onBlur={() => take(text)}
      />
      {known.length > 0 && <datalist id={`${id}-known`}>{known.map((each) => <option key={each} value={said(each)} />)}</datalist>}
    </div>
  );
}
