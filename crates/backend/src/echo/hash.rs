//! Numbers that are the same for the same bytes, in every process and on every machine.

/// Hashes bytes: FNV-1a, with its bits mixed.
pub(super) fn of(bytes: &[u8]) -> u64 {
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    mixed(hash)
}

/// The next of a row of hashes: splitmix64.
pub(super) fn next(hash: u64) -> u64 {
    mixed(hash.wrapping_add(0x9e37_79b9_7f4a_7c15))
}

fn mixed(mut hash: u64) -> u64 {
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

/// A number from 0 up to 1, by a hash.
pub(super) fn fraction(hash: u64) -> f64 {
    let high = u32::try_from(hash >> 32).unwrap_or(u32::MAX);
    f64::from(high) / (f64::from(u32::MAX) + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_these_everywhere() {
        assert_eq!((of(b""), of(b"echo")), (0xf52a_15e9_a9b5_e89b, of(b"echo")));
        assert!(of(b"a") != of(b"b") && next(of(b"a")) != of(b"a"));
        assert!((0.0..1.0).contains(&fraction(u64::MAX)) && fraction(0) == 0.0);
    }
}
