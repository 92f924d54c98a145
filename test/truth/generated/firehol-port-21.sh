# needs: firehol
# Port 21 as a service of one's own, which FireHOL knows no helper for.
cat > /etc/firehol/firehol.conf <<'CONF'
version 6
ENABLE_IPV6=0
server_plainftp_ports="tcp/21"
client_plainftp_ports="default"
interface eth1 inside src 10.79.2.0/24
    policy reject
interface ppp0 outside
    client all accept
router inside2outside inface eth1 outface ppp0
    route plainftp accept
CONF
echo 'START_FIREHOL=YES' > /etc/default/firehol
firehol start
