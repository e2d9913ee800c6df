import styles from "./OrderSelect.module.css";

/** What a list is sorted by. */
export function OrderSelect<Order extends string>({
  orders,
  order,
  onChoose,
}: {
  readonly orders: readonly Order[];
  readonly order: Order;
  onChoose(order: Order): void;
}) {
  return (
    <label className={styles.order}>
      Order
      <select
        className={styles.select}
        value={order}
        onChange={({ target }) => onChoose(target.value as Order)}
      >
        {orders.map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
      </select>
    </label>
  );
}
