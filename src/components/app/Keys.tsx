import { useTranslation } from 'react-i18next';
import styles from './About.module.css';

const keys = [
  { keys: ['←', '→', '↑', '↓'], does: 'walk' },
  { keys: ['Enter'], does: 'unfold' },
  { keys: ['Esc'], does: 'up' },
  { keys: ['+', '−'], does: 'zoom' },
  { keys: ['f'], does: 'fit' },
  { keys: ['/'], does: 'search' },
  { keys: ['Ctrl', 'V'], does: 'paste' },
  { keys: ['?'], does: 'help' },
] as const;

/** The keys that the diagram and the page listen to. */
export function Keys() {
  const { t } = useTranslation('app');
  return (
    <table className={styles.keys}>
      <tbody>
        {keys.map((row) => (
          <tr key={row.does}>
            <th scope="row">
              {row.keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </th>
            <td>{t(`keys.${row.does}`)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
