import { useTranslation } from 'react-i18next';
import type { Node } from '../../models/graph.ts';
import type { Projection, Rule } from '../../workers/contract.ts';
import type { Failure } from '../store/types.ts';
import { FailureNote, failureText } from '../ui/FailureNote.tsx';
import { ProgressLine } from '../ui/ProgressLine.tsx';
import ui from '../ui/ui.module.css';
import { ProjectionPictures } from './ProjectionPictures.tsx';
import type { ProjectionPanelProps } from './projectionProps.ts';
import { viewRequest } from './requestView.ts';
import notes from './notes.module.css';
import styles from './ProjectionPanel.module.css';

/** One chosen map: the map itself, the patch that its unit sees, and what the rule brings back to the pixels. */
export function ProjectionPanel(props: ProjectionPanelProps) {
  const { node, channel, rule, projection } = props;
  const { t } = useTranslation('maps');
  const { value, failure } = viewRequest(projection);
  return (
    <section className={styles.panel} aria-label={t('projectionOf', { node: node.id, channel })}>
      <ProjectionPictures {...props} />
      <div className={styles.progress}>
        <ProgressLine request={projection} label={t('projecting')} onCancel={props.onCancel} />
      </div>
      {failure && <ProjectionFailure failure={failure} {...props} />}
      {failure?.code !== 'projection-undefined' && failure?.code !== 'unit-inactive' && (
        <Notes rule={rule} projection={value} node={node} />
      )}
    </section>
  );
}

/** Why there is no picture. What no second try can change offers another way instead. */
export function ProjectionFailure({
  failure,
  onRule,
  onRetry,
}: Pick<ProjectionPanelProps, 'onRule' | 'onRetry'> & { failure: Failure }) {
  const { t } = useTranslation('maps');
  const { t: tErrors } = useTranslation(['errors', 'app']);
  if (failure.code === 'unit-inactive') {
    // Most maps are silent on most pictures: nothing went wrong.
    return (
      <p className={styles.inactive} role="status">
        {failureText(tErrors, failure)}
      </p>
    );
  }
  if (failure.code !== 'projection-undefined') return <FailureNote failure={failure} onRetry={onRetry} />;
  return (
    <FailureNote failure={failure}>
      <button type="button" className={ui.button} onClick={() => onRule('gradient')}>
        {t('useGradient')}
      </button>
    </FailureNote>
  );
}

/** What the picture shows and what it does not. */
function Notes({ rule, projection, node }: { rule: Rule; projection: Projection | null; node: Node }) {
  const { t } = useTranslation('maps');
  const mine = projection !== null && projection.request.node === node.id ? projection : null;
  return (
    <div className={notes.notes}>
      {mine && rule === 'deconvnet' && mine.switches === 0 && (
        <p className={notes.warning} role="note">
          {t('noSwitches')}
        </p>
      )}
      <p>
        {t(`ruleShows.${rule}`)}
        {mine && mine.switches > 0 && <> {t('switches', { count: mine.switches })}</>}
        {mine && rule !== 'deconvnet' && mine.switches === 0 && <> {t('switches', { count: 0 })}</>}
      </p>
      {node.op.kind === 'softmax' && <p>{t('softmaxNote')}</p>}
      <p>{t('normalised')}</p>
    </div>
  );
}
