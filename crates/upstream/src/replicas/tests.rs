use super::*;

fn replicas(count: usize) -> Arc<Replicas> {
    let base = |index| BaseUrl::parse(index, "http://localhost").expect("a base");
    Arc::new(Replicas::new((0..count).map(base), 2))
}

/// How many of so many leases, all held, fall to each replica.
fn shares(replicas: &Arc<Replicas>, leases: usize) -> Vec<usize> {
    let leases: Vec<_> = (0..leases).map(|_| replicas.choose()).collect();
    let of = |index| leases.iter().filter(|lease| lease.index() == index).count();
    (0..replicas.all.len()).map(of).collect()
}

#[test]
fn least_busy_is_taken_and_equals_take_turns() {
    let replicas = replicas(3);
    assert_eq!(shares(&replicas, 9), [3, 3, 3]);
    let busy: Vec<_> = std::iter::repeat_with(|| replicas.choose()).take(6).collect();
    let kept: Vec<_> = busy.into_iter().filter(|lease| lease.index() != 1).collect();
    assert_eq!(replicas.choose().index(), 1);
    drop(kept);
    let one_each: Vec<_> = (0..3).map(|_| replicas.choose().index()).collect();
    assert_eq!(one_each.iter().copied().collect::<std::collections::BTreeSet<_>>().len(), 3);
}

#[test]
fn replica_is_ejected_after_failures_in_a_row_and_comes_back() {
    let replicas = replicas(2);
    replicas.failed(0, &Failure::Stall);
    replicas.succeeded(0);
    replicas.failed(0, &Failure::Stall);
    assert_eq!(replicas.numbers(true), [0, 1]);
    replicas.failed(0, &Failure::Stall);
    assert_eq!((replicas.numbers(true), replicas.numbers(false)), (vec![1], vec![0]));
    assert_eq!(shares(&replicas, 4), [0, 4]);
    replicas.succeeded(0);
    assert_eq!(shares(&replicas, 4), [2, 2]);
}

#[test]
fn where_all_are_out_one_is_asked_all_the_same() {
    let replicas = replicas(2);
    for index in [0, 1, 0, 1] {
        replicas.failed(index, &Failure::Stall);
    }
    assert!(replicas.numbers(true).is_empty());
    assert_eq!(shares(&replicas, 2), [1, 1]);
    assert!(replicas.choose_another(0).is_none());
}

#[test]
fn another_is_never_the_same() {
    let replicas = replicas(2);
    assert_eq!(replicas.choose_another(0).map(|lease| lease.index()), Some(1));
    assert_eq!(replicas.choose_another(1).map(|lease| lease.index()), Some(0));
    assert!(self::replicas(1).choose_another(0).is_none());
}

#[test]
fn failure_that_tells_nothing_of_a_replica_neither_ejects_it_nor_brings_it_back() {
    let replicas = replicas(1);
    let note = |failure: Failure| {
        replicas.note(0, &failure);
        replicas.numbers(true).len()
    };
    let refused = |status| Failure::Refused { status, told: None, retry_after: None };
    assert_eq!([note(refused(500)), note(Failure::Total), note(refused(503))], [1, 1, 0]);
    assert_eq!([note(Failure::Total), note(refused(400))], [0, 1]);
}
