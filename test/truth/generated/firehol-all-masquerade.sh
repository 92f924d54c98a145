# needs: firehol
# Everything may leave, under NAT; helpers by the kernel, which since 6.0 attaches none.
cat > /etc/firehol/firehol.conf <<'CONF'
version 6
ENABLE_IPV6=0
FIREHOL_CONNTRACK_HELPERS_ASSIGNMENT="kernel"
interface eth1 inside src 10.79.2.0/24
    policy accept
interface ppp0 outside
    client all accept
router inside2outside inface eth1 outface ppp0
    masquerade
    route all accept
CONF
echo 'START_FIREHOL=YES' > /etc/default/firehol
firehol start
