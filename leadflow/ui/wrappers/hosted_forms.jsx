// Hosted forms: where they live, whether they are open, and what to paste into a web site.
import { useState } from "react";
import { CopyText, Dialog, Empty, Failed, Icon, Skeleton, failed, plural, rest, toast, useRest } from "./kit.js";
import { FormEditor } from "./form_editor.jsx";
import "./work.css";

function Row({ form, onEdit, reload }) {
  const toggle = async () => {
    try {
      await rest("PATCH", `/forms/${form.id}`, { is_open: !form.is_open });
      toast(form.is_open ? `“${form.title}” is closed to visitors.` : `“${form.title}” is open again.`, { undo: null });
      reload();
    } catch (problem) {
      failed("The form was not changed.", problem);
    }
  };
  return (
    <li className="lf-rows__row">
      <div className="lf-rows__main">
        <span className="lf-rows__title"><bdi>{form.title}</bdi>{!form.is_open && <span className="lf-tag">Closed</span>}</span>
        <a className="lf-link lf-clip" href={form.url} target="_blank" rel="noreferrer">{form.url.replace(/^https?:\/\//, "")}</a>
        <span className="lf-muted lf-number">{plural(form.submissions, "answer")}</span>
      </div>
      <div className="lf-rows__tools">
        <CopyText text={form.url} label="Link" className="lf-button lf-button--small" />
        <CopyText text={form.embed} label="Embed" className="lf-button lf-button--small" />
        <CopyText text={form.html} label="HTML" className="lf-button lf-button--small" />
        <button type="button" className="lf-button lf-button--small" onClick={() => onEdit(form)} aria-label={`Edit form ${form.title}`}>Edit</button>
        <button type="button" className="lf-button lf-button--small" onClick={toggle} aria-label={`${form.is_open ? "Close" : "Open"} form ${form.title}`}>{form.is_open ? "Close" : "Open"}</button>
      </div>
    </li>
  );
}

export function HostedForms({ choices }) {
  const { data, error, reload } = useRest("/forms");
  const [edited, setEdited] = useState(null);
  if (error) return <Failed what="The forms could not be loaded." error={error} retry={reload} />;
  if (!data) return <Skeleton shape="row" count={3} />;
  const forms = data.items;
  const button = <button type="button" className="lf-button lf-button--primary" onClick={() => setEdited({})}><Icon name="Plus" /> Create a form</button>;
  return (
    <>
      {forms.length === 0 ? <Empty title="A form has its own page and can be put on your website; each answer becomes a lead.">{button}</Empty> : (
        <>
          <div className="lf-actions">{button}</div>
          <ul className="lf-rows" aria-label="Forms">{forms.map((form) => <Row key={form.id} form={form} onEdit={setEdited} reload={reload} />)}</ul>
        </>
      )}
      <Dialog isOpen={edited !== null} heading={edited?.id ? "Edit form" : "Create a form"} onClose={() => setEdited(null)}>
        {edited && <FormEditor key={edited.id ?? "new"} form={edited} choices={choices} onCancel={() => setEdited(null)} onDone={() => { setEdited(null); reload(); }} />}
      </Dialog>
    </>
  );
}
