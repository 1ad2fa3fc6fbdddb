//! Tokens are chosen by what the request says.

use super::*;

fn settings() -> Settings {
    Settings { temperature: 1.0, top_p: 1.0, ..Settings::default() }
}

/// How often each of four tokens is drawn of 20,000.
fn drawn(settings: &Settings, logits: &[f32]) -> [u32; 4] {
    let mut sampler = Sampler::new(settings.clone(), 7);
    let mut counts = [0; 4];
    for _ in 0..20_000 {
        counts[sampler.choose(logits).unwrap() as usize] += 1;
    }
    counts
}

/// Draws come as the probabilities say, within 1.5 of a hundred.
fn check(settings: &Settings, logits: &[f32], expected: [f64; 4]) {
    let counts = drawn(settings, logits);
    for (count, expected) in counts.into_iter().zip(expected) {
        assert!((f64::from(count) / 20_000.0 - expected).abs() < 0.015, "{counts:?} for {expected}");
    }
}

/// The logits of these probabilities.
fn logits(probabilities: [f32; 4]) -> [f32; 4] {
    probabilities.map(|probability| probability.ln() + 3.0)
}

#[test]
fn draws_come_as_the_probabilities_say() {
    check(&settings(), &logits([0.1, 0.2, 0.3, 0.4]), [0.1, 0.2, 0.3, 0.4]);
}

#[test]
fn temperature_sharpens_and_flattens() {
    let sharp = Settings { temperature: 0.5, ..settings() };
    check(&sharp, &logits([0.1, 0.2, 0.3, 0.4]), [1.0, 4.0, 9.0, 16.0].map(|part| part / 30.0));
    let greedy = Settings { temperature: 0.0, ..settings() };
    assert_eq!(drawn(&greedy, &logits([0.1, 0.2, 0.4, 0.3])), [0, 0, 20_000, 0]);
}

#[test]
fn nucleus_keeps_the_likeliest_that_reach_it() {
    let nucleus = Settings { top_p: 0.65, ..settings() };
    check(&nucleus, &logits([0.1, 0.2, 0.3, 0.4]), [0.0, 0.0, 3.0 / 7.0, 4.0 / 7.0]);
    let none = Settings { top_p: 0.0, ..settings() };
    check(&none, &logits([0.1, 0.2, 0.3, 0.4]), [0.0, 0.0, 0.0, 1.0]);
}

#[test]
fn nucleus_of_many_is_that_of_a_full_sort() {
    let logits: Vec<f32> = (0_u16..200).map(|number| f32::from(number * 7 % 200) / 80.0).collect();
    let mut sampler = Sampler::new(Settings { top_p: 0.9, ..settings() }, 1);
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..5_000 {
        seen.insert(sampler.choose(&logits).unwrap());
    }
    let mut weights: Vec<f64> = logits.iter().map(|logit| f64::from(*logit).exp()).collect();
    weights.sort_by(|one, other| other.total_cmp(one));
    let sum: f64 = weights.iter().sum();
    let mut reached = 0.0;
    let kept = 1 + weights
        .iter()
        .take_while(|weight| {
            reached += **weight;
            reached < 0.9 * sum
        })
        .count();
    // Rounding may decide about the last.
    assert!(seen.len().abs_diff(kept) <= 1, "{} of {kept}", seen.len());
}

#[test]
fn top_k_and_min_p_leave_the_unlikely_out() {
    let two = Settings { top_k: 2, ..settings() };
    check(&two, &logits([0.1, 0.4, 0.3, 0.2]), [0.0, 4.0 / 7.0, 3.0 / 7.0, 0.0]);
    let half = Settings { min_p: 0.6, ..settings() };
    check(&half, &logits([0.1, 0.4, 0.3, 0.2]), [0.0, 4.0 / 7.0, 3.0 / 7.0, 0.0]);
}

#[test]
fn same_seed_gives_the_same_tokens_and_another_gives_others() {
    let tokens = |seed| {
        let mut sampler = Sampler::new(settings(), seed);
        let logits = logits([0.25; 4]);
        (0..64).map(|_| sampler.choose(&logits)).collect::<Vec<_>>()
    };
    assert_eq!(tokens(3), tokens(3));
    assert_ne!(tokens(3), tokens(4));
}

#[test]
fn biases_and_penalties_move_logits() {
    let mut sampler = Sampler::new(
        Settings {
            temperature: 0.0,
            frequency_penalty: 0.5,
            presence_penalty: 0.25,
            bias: vec![(0, 2.0), (9, 100.0)],
            ..settings()
        },
        0,
    );
    let shaped = |sampler: &Sampler| {
        let mut logits = [1.0, 1.0];
        sampler.shape(&mut logits);
        logits.map(|logit| format!("{logit:.2}"))
    };
    assert_eq!(shaped(&sampler), ["3.00", "1.00"]);
    for _ in 0..2 {
        assert_eq!(sampler.choose(&[0.0, 1.0]), Some(1));
    }
    assert_eq!(shaped(&sampler), ["3.00", "-0.25"]);
}

#[test]
fn nothing_is_chosen_where_nothing_is_possible() {
    for temperature in [0.0, 1.0] {
        let mut sampler = Sampler::new(Settings { temperature, ..settings() }, 0);
        assert_eq!(sampler.choose(&[f32::NEG_INFINITY, f32::NAN]), None);
        assert_eq!(sampler.choose(&[f32::NEG_INFINITY, f32::NAN, 1.0]), Some(2));
    }
}
