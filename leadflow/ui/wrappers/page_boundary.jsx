// When a page cannot be drawn, the frame stays and says so; the next page starts fresh.
import { Component } from "react";
import { useLocation } from "react-router";

class Boundary extends Component {
  state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  componentDidCatch(error, { componentStack }) {
    this.props.onError?.(`${error.name}: ${error.message}\n${error.stack}`, componentStack);
  }

  render() {
    if (!this.state.failed) return this.props.children;
    return (
      <main className="lf-main" id="main" tabIndex={-1}>
        <div className="lf-failed" role="alert">
          <h1 className="lf-failed__title">This page could not be drawn.</h1>
          <p className="lf-muted">What you saved is safe. Loading it again usually helps.</p>
          <div className="lf-empty__actions"><button type="button" className="lf-button" onClick={() => location.reload()}>Load again</button></div>
        </div>
      </main>
    );
  }
}

export function PageBoundary({ onError, children }) {
  const { pathname } = useLocation();
  return <Boundary key={pathname} onError={onError}>{children}</Boundary>;
}
